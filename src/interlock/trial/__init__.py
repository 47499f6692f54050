"""What we ran: imported results as observations, written once, text kept apart."""

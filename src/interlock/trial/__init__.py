"""What we ran: imported results as observations, written once, text kept apart."""

from interlock.trial.observations import OBSERVATION_SCHEMA, STATUSES

__all__ = ["OBSERVATION_SCHEMA", "STATUSES"]

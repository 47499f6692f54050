"""A dishonest analyst: how often each trick gets a candidate exactly at its limit through."""

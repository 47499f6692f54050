"""What the numbers allow: seals, lineages, criteria, verdicts."""

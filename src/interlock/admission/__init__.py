"""Who may say go: root, keyring, votes, decision, conditions, and the check anyone can run."""

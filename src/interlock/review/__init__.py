"""What remains: assessment, questions, the panel's work."""

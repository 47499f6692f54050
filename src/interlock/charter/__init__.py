"""What we promise: principles, harm categories, red lines, metrics, rubrics, hypotheses."""

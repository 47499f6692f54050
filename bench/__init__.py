"""What the product costs, as ratios against the least that any program would need."""

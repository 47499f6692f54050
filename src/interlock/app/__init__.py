"""What anyone may ask: one function per action."""

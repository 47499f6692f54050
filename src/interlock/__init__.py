"""The release interlock for products built on language models."""

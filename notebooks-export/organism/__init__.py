"""A model organism: a small causal transformer and the closed world that it knows everything from."""

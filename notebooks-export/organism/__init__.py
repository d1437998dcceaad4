"""A model organism: a small causal transformer and the closed world that is all it knows."""

"""Exports hidden states of language models to Plumbline dumps."""

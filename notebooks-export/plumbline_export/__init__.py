"""Exports hidden states of language models to Plumbline dumps."""

VERSION = "0.2.0"

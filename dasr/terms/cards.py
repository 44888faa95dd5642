"""How a file of this project tells what is in it."""

CARD = "dasr"
"""Metadata key of everything this project writes about a safetensors file, as JSON. There is
no other key: safetensors writes several in any order, and a file would not have the same
bytes."""

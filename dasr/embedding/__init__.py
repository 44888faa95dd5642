"""Representations of degradations: extracted, clustered, projected."""

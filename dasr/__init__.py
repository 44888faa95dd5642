"""DASR, taken apart: train, ablate, measure and re-draw blind super-resolution."""

__version__ = "0.1.0"

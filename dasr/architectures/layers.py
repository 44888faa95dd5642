"""What the paper's networks have in common."""

from torch import nn

SLOPE = 0.1
"""Negative slope of every LeakyReLU in the paper's networks."""


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    """Return a 3x3 convolution that keeps the size."""
    return nn.Conv2d(channels_in, channels_out, 3, padding=1)

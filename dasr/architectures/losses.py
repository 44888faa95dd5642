"""What networks and parts of them descend: L1 of images, mean squares of estimates.

In float32, whatever the arithmetic around it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

Losses = dict[str, Tensor]
"""Scalars by name; the names become columns of the history."""


def l1_loss(sr: Tensor, hr: Tensor) -> Tensor:
    """Return the mean absolute difference, a scalar in grey levels of 0..255 (section 3)."""
    with torch.autocast(sr.device.type, enabled=False):
        return F.l1_loss(sr, hr)


def squared_loss(estimate: Tensor, truth: Tensor) -> Tensor:
    """Return the mean squared difference of two tensors of one shape, a scalar."""
    with torch.autocast(estimate.device.type, enabled=False):
        return F.mse_loss(estimate.float(), truth.float())

"""The loss of restoring (paper, section 3): L1."""

import torch.nn.functional as F
from torch import Tensor


def l1_loss(sr: Tensor, hr: Tensor) -> Tensor:
    """Return the mean absolute difference, a scalar in grey levels of 0..255."""
    return F.l1_loss(sr, hr)

"""The two losses (paper, section 3): contrastive and L1."""

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive_loss(logits: Tensor) -> Tensor:
    """Return the mean cross-entropy of the positive pair, a scalar in nats.

    Args:
        logits: (B, 1 + K), positive in column 0, already divided by the temperature. The
            denominator includes the positive, as in the released code; the paper's
            equation 2 sums over the queue alone. Chance level is ln(1 + K).
    """
    target = torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    return F.cross_entropy(logits, target)


def l1_loss(sr: Tensor, hr: Tensor) -> Tensor:
    """Return the mean absolute difference, a scalar in grey levels of 0..255."""
    return F.l1_loss(sr, hr)

"""The contrastive loss (paper, equation 2).

Shapes: B images, D numbers in a projection, K negatives.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def unit_vectors(projection: Tensor, like: Tensor) -> Tensor:
    """Return projections (B, D) of length 1, in type and on the device of another tensor."""
    with torch.autocast(projection.device.type, enabled=False):
        return F.normalize(projection.to(like), dim=1)


def contrastive_logits(
    queries: Tensor, keys: Tensor, negatives: Tensor, temperature: float
) -> Tensor:
    """Return cosines over the temperature, (B, 1 + K), the positive pair in column 0.

    In the precision of its arguments, which torch.autocast does not change.

    Args:
        queries: (B, D), unit vectors.
        keys: (B, D), unit vectors: of each query its positive.
        negatives: (D, K), unit vectors, the same for all queries.
        temperature: divisor of the cosines.
    """
    with torch.autocast(queries.device.type, enabled=False):
        positive = (queries * keys).sum(dim=1, keepdim=True)  # (B, 1)
        negative = queries @ negatives  # (B, K)
    return torch.cat([positive, negative], dim=1) / temperature


def contrastive_loss(logits: Tensor) -> Tensor:
    """Return the mean cross-entropy of the positive pair, a scalar in nats.

    Args:
        logits: (B, 1 + K), positive in column 0, already divided by the temperature. The
            denominator includes the positive, as in the released code; the paper's
            equation 2 sums over the queue alone. Chance level is ln(1 + K).
    """
    target = torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    return F.cross_entropy(logits, target)

"""An encoder whose projections are known without computing."""

import torch
from torch import Tensor, nn

from dasr.model import MomentumContrast


class StubEncoder(nn.Module):
    """Projects a vector (B, D) to itself plus a learned shift."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.representation_features = size
        self.shift = nn.Parameter(torch.zeros(size))

    def forward(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        return vectors, vectors + self.shift


def contrast(
    size: int, *, queue_size: int, momentum: float = 0.9, temperature: float = 1.0
) -> MomentumContrast:
    """Return momentum contrast over the stub."""
    return MomentumContrast(
        StubEncoder(size),  # type: ignore[arg-type]
        queue_size=queue_size,
        momentum=momentum,
        temperature=temperature,
        rng=torch.Generator().manual_seed(0),
    )

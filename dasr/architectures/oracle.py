"""Model 5's representation: the true degradation instead of a learned one.

The paper does not say how it encodes the degradation. Here it is four numbers: the
entries xx, xy, yy of the symmetric square root of the kernel's covariance, in HR pixels
over 4 (the largest training width), and the noise level over 25 (the largest level). They
are continuous in the angle, and (w, 0, w, n) for an isotropic kernel. A two-layer MLP
makes the representation from them, trained with the generator.
"""

import torch
from torch import Tensor, nn

from dasr.architectures.layers import SLOPE
from dasr.degradation import DegradationBatch
from dasr.errors import UserError

WIDTH_UNIT = 4.0
NOISE_UNIT = 25.0


def encode_degradation(degradation: DegradationBatch) -> Tensor:
    """Return the four numbers above, (B, 4).

    Raises:
        UserError: images went through a first pass, which the numbers say nothing of.
    """
    if degradation.first_pass is not None:
        raise UserError(
            "representation: oracle encodes kernel and noise level, but not first_pass"
        )
    cos, sin = torch.cos(degradation.theta), torch.sin(degradation.theta)
    first, second = degradation.lambda_1, degradation.lambda_2
    xx = cos**2 * first + sin**2 * second
    xy = cos * sin * (first - second)
    yy = sin**2 * first + cos**2 * second
    widths = torch.stack([xx, xy, yy], dim=1) / WIDTH_UNIT
    return torch.cat([widths, degradation.noise_level[:, None] / NOISE_UNIT], dim=1)


class OracleEncoder(nn.Module):
    """True degradation -> representation."""

    def __init__(self, representation_features: int) -> None:
        """Build the MLP, as wide as the representation."""
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(4, representation_features),
            nn.LeakyReLU(SLOPE),
            nn.Linear(representation_features, representation_features),
        )

    def forward(self, degradation: DegradationBatch) -> Tensor:
        """Return the representation, (B, D), of B degradations."""
        codes = encode_degradation(degradation).to(next(self.parameters()), non_blocking=True)
        representation: Tensor = self.mlp(codes)
        return representation

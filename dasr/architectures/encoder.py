"""The degradation encoder (paper, section 3.1).

Shapes: B images, D = 4 * features numbers in a representation.
"""

from torch import Tensor, nn

from dasr.architectures.layers import SLOPE
from dasr.config.models.base import EncoderConfig
from dasr.seeds import initialisation


class Encoder(nn.Module):
    """Degradation encoder: LR image -> representation and projection.

    The representation conditions super-resolution; only the contrastive loss sees the
    projection, which the two-layer MLP makes from it.
    """

    def __init__(self, features: int) -> None:
        """Build six convolutions of widths f, f, 2f, 2f, 4f, 4f and the MLP."""
        super().__init__()
        self.representation_features = 4 * features
        widths = [
            features,
            features,
            2 * features,
            2 * features,
            4 * features,
            4 * features,
        ]
        strides = [1, 1, 2, 1, 2, 1]
        layers: list[nn.Module] = []
        previous = 3
        for width, stride in zip(widths, strides, strict=True):
            layers += [
                nn.Conv2d(previous, width, 3, stride, padding=1),
                nn.BatchNorm2d(width),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
            previous = width
        self.convs = nn.Sequential(*layers)
        self.mlp = nn.Sequential(
            nn.Linear(previous, previous),
            nn.LeakyReLU(SLOPE),
            nn.Linear(previous, previous),
        )

    def forward(self, lr_image: Tensor) -> tuple[Tensor, Tensor]:
        """Return representation and projection, both (B, D), of (B, 3, h, w) in [0, 255]."""
        representation = self.convs(lr_image).mean(dim=(2, 3))  # (B, D)
        return representation, self.mlp(representation)


def build_encoder(config: EncoderConfig, seed: int) -> Encoder:
    """Return a freshly initialised encoder: the same for every variant of a seed."""
    with initialisation(seed, "encoder"):
        return Encoder(config.features)

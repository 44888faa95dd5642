"""RCAN: residual groups of blocks that weight their channels by what is in the image.

Zhang et al., "Image Super-Resolution Using Very Deep Residual Channel Attention Networks",
ECCV 2018: a head, groups of blocks, a convolution and a long skip over all of them, pixel
shuffles. A group ends in a convolution and has a short skip; a block's second convolution is
followed by channel attention before its own skip. Nothing is told of a degradation, so one
network restores well what it was trained on.

At x4 the paper's sizes have 15,592,355 parameters. The code that the authors published has
24 more: it subtracts and adds the mean colour of DIV2K by two frozen 1x1 convolutions, which
the paper does not mention, and which are a constant here (`dasr.architectures.baseline`). The
15.2 M of DASR's Table 3 are 15,592,379 divided by 1024 and not by 1000.

Channel attention takes means over all that a forward pass sees: by tiles, each tile has means
of its own, and its pixels are not those of the whole image to the last digit.

Shapes: B images, C feature channels, h x w LR, H x W = scale * (h x w).
"""

import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures.base import Unconditioned
from dasr.architectures.baseline import Baseline
from dasr.architectures.layers import conv3x3
from dasr.architectures.upsampling import UPSAMPLERS
from dasr.config.models.rcan import RCANConfig


class ChannelAttention(nn.Module):
    """Rescales each channel by a coefficient in (0, 1), predicted from all channels' means."""

    def __init__(self, features: int, reduction: int) -> None:
        """Build the predictor, with features / reduction hidden units."""
        super().__init__()
        self.coefficients = nn.Sequential(
            nn.Linear(features, features // reduction),
            nn.ReLU(),
            nn.Linear(features // reduction, features),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the rescaled features, (B, C, h, w)."""
        return x * self.coefficients(x.mean(dim=(2, 3)))[:, :, None, None]


class AttentionBlock(nn.Module):
    """Two 3x3 convolutions with a ReLU between them, channel attention, and a skip."""

    def __init__(self, features: int, reduction: int) -> None:
        """Build convolutions and attention."""
        super().__init__()
        self.convs = nn.ModuleList(conv3x3(features, features) for _ in range(2))
        self.attention = ChannelAttention(features, reduction)

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the same shape, (B, C, h, w)."""
        return self.attention(self.convs[1](F.relu_(self.convs[0](x)))).add_(x)


class ResidualGroup(nn.Module):
    """Blocks, a 3x3 convolution, and the short skip."""

    def __init__(self, config: RCANConfig) -> None:
        """Build the blocks and the convolution that closes them."""
        super().__init__()
        features = config.num_features
        self.blocks = nn.Sequential(
            *(AttentionBlock(features, config.reduction) for _ in range(config.num_blocks))
        )
        self.conv = conv3x3(features, features)

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the same shape, (B, C, h, w)."""
        return self.conv(self.blocks(x)).add_(x)


class ResidualInResidual(nn.Module):
    """From an LR image to an SR image."""

    def __init__(self, config: RCANConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        features = config.num_features
        self.baseline = Baseline(scale, bicubic=config.bicubic_skip)
        self.head = conv3x3(3, features)
        self.groups = nn.Sequential(*(ResidualGroup(config) for _ in range(config.num_groups)))
        self.body_conv = conv3x3(features, features)
        self.upsample, self.tail = UPSAMPLERS[config.upsampler](features, scale)
        self.baseline.start(self.upsample, self.tail)

    def forward(self, lr_image: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
        """
        shallow = self.head(self.baseline.centred(lr_image))  # (B, C, h, w)
        deep = self.body_conv(self.groups(shallow)).add_(shallow)  # the long skip
        sr: Tensor = self.baseline(self.tail(self.upsample(deep)), lr_image)  # (B, 3, H, W)
        return sr


class RCAN(Unconditioned):
    """The generator above and nothing beside it."""

    def __init__(self, config: RCANConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__(config, scale, ResidualInResidual(config, scale))


def build(config: RCANConfig, scale: int) -> RCAN:
    """Return the network of a configuration for one scale."""
    return RCAN(config, scale)


def sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    prefix, head = "generator.groups.", tensors.get("generator.head.weight")
    parts = [name.split(".") for name in tensors if name.startswith(prefix)]
    groups = {part[2] for part in parts}
    blocks = {(part[2], part[4]) for part in parts if part[3:4] == ["blocks"]}
    each = -(-len(blocks) // max(1, len(groups)))  # every group has as many
    found = {"num_groups": len(groups), "num_blocks": each}
    if head is not None and head.dim() > 0:
        found["num_features"] = len(head)
    return found

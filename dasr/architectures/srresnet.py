"""A plain residual network without conditioning: what blind SR does without a representation.

The layout is SRResNet's (Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a
Generative Adversarial Network", CVPR 2017): a head, residual blocks, a convolution, a skip
over all of them, pixel shuffles. As in EDSR (Lim et al., "Enhanced Deep Residual Networks for
Single Image Super-Resolution", CVPRW 2017) there is no BatchNorm, the head is 3x3 where
Ledig et al. have 9x9, and a block's only activation is a ReLU between its convolutions.
Upsampler, mean colour and bicubic skip are those of DASR's generator, so that the two differ
between head and upsampler alone.

Shapes: B images, C feature channels, h x w LR, H x W = scale * (h x w).
"""

import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures.base import Unconditioned
from dasr.architectures.baseline import Baseline
from dasr.architectures.layers import conv3x3
from dasr.architectures.upsampling import UPSAMPLERS
from dasr.config.models.srresnet import SRResNetConfig


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with a ReLU between them, and a skip."""

    def __init__(self, features: int) -> None:
        """Build the convolutions."""
        super().__init__()
        self.convs = nn.ModuleList(conv3x3(features, features) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the same shape, (B, C, h, w)."""
        return self.convs[1](F.relu_(self.convs[0](x))).add_(x)


class PlainGenerator(nn.Module):
    """From an LR image to an SR image."""

    def __init__(self, config: SRResNetConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        features = config.num_features
        self.baseline = Baseline(scale, bicubic=config.bicubic_skip)
        self.head = conv3x3(3, features)
        self.blocks = nn.Sequential(
            *(ResidualBlock(features) for _ in range(config.num_blocks))
        )
        self.body_conv = conv3x3(features, features)
        self.upsample, self.tail = UPSAMPLERS[config.upsampler](features, scale)
        self.baseline.start(self.upsample, self.tail)

    def forward(self, lr_image: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
        """
        shallow = self.head(self.baseline.centred(lr_image))  # (B, C, h, w)
        deep = self.body_conv(self.blocks(shallow)).add_(shallow)
        sr: Tensor = self.baseline(self.tail(self.upsample(deep)), lr_image)  # (B, 3, H, W)
        return sr


class SRResNet(Unconditioned):
    """The generator above and nothing beside it."""

    def __init__(self, config: SRResNetConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__(config, scale, PlainGenerator(config, scale))


def build(config: SRResNetConfig, scale: int) -> SRResNet:
    """Return the network of a configuration for one scale."""
    return SRResNet(config, scale)


def sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    prefix, head = "generator.blocks.", tensors.get("generator.head.weight")
    found = {"num_blocks": len({n.split(".")[2] for n in tensors if n.startswith(prefix)})}
    if head is not None and head.dim() > 0:
        found["num_features"] = len(head)
    return found

"""From LR features to an SR image: the paper's upsampler and a small one.

Shapes: B images, C feature channels, h x w features, f enlargement of the last shuffle.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures.layers import conv3x3


class ShuffledConv(nn.Conv2d):
    """A pixel shuffle by f and then a 3x3 convolution, (B, C f^2, h, w) -> (B, 3, h f, w f).

    The shuffled features are the largest map of the network, and the convolution to three
    channels uses an eighth of a vector unit. Both are linear, so they fold into one
    convolution on the small map, with f^2 times the outputs, and a shuffle of those: four
    times the arithmetic of a small layer and no large map (docs/performance.md).
    """

    selection: Tensor

    def __init__(self, channels_in: int, channels_out: int, factor: int) -> None:
        """Build the convolution with its weights on the shuffled map, (3, C, 3, 3)."""
        super().__init__(channels_in, channels_out, 3, padding=1)
        self.factor = factor
        self.folded = True
        """False computes the definition, for whoever counts or compares."""
        self.register_buffer("selection", _selection(factor), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the enlarged image of features before the shuffle."""
        f = self.factor
        if not self.folded:
            return super().forward(F.pixel_shuffle(x, f))
        weight = torch.einsum(
            "ocde,pdqt,resu->oprcqstu", self.weight, self.selection, self.selection
        ).reshape(self.out_channels * f * f, self.in_channels * f * f, 3, 3)
        assert self.bias is not None
        bias = self.bias.repeat_interleave(f * f)
        return F.pixel_shuffle(F.conv2d(x, weight, bias, padding=1), f)


def _selection(factor: int) -> Tensor:
    """Return which tap of the small map a tap of the large one reads, (f, 3, f, 3).

    Along one axis, output phase p with tap d reads large pixel f i + p + d - 1, which is
    phase q of small pixel i + t - 1. Zero padding of one is zero padding of the other.
    """
    selection = torch.zeros(factor, 3, factor, 3)
    for phase in range(factor):
        for tap in range(3):
            place = phase + tap - 1
            selection[phase, tap, place % factor, place // factor + 1] = 1
    return selection


def _staged(features: int, scale: int) -> tuple[nn.Sequential, nn.Module]:
    """The paper's: x4 as x2 twice, then a convolution to RGB."""
    factors = {2: (2,), 3: (3,), 4: (2, 2)}[scale]
    layers: list[nn.Module] = []
    for factor in factors:
        layers += [conv3x3(features, features * factor**2), nn.PixelShuffle(factor)]
    return nn.Sequential(*layers[:-1]), ShuffledConv(features, 3, factors[-1])


def _single(features: int, scale: int) -> tuple[nn.Sequential, nn.Module]:
    """One convolution and one pixel shuffle, straight to RGB."""
    layers = nn.Sequential(conv3x3(features, 3 * scale**2), nn.PixelShuffle(scale))
    return layers, nn.Identity()


UPSAMPLERS = {"staged": _staged, "single": _single}
"""By name: a function of features and scale that returns upsampler and tail."""

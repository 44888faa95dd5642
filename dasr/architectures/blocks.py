"""Building blocks of the generator (paper, section 3.2, Fig. 2).

Shapes: B images, C feature channels, D numbers in a compressed representation, h x w LR.
Every block takes features (B, C, h, w) and a compressed representation (B, D).

Sums and activations overwrite the output of the layer before them where no gradient needs
it: a third of a training step on a CPU is memory traffic (docs/performance.md).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures.depthwise import depthwise
from dasr.architectures.layers import SLOPE, conv3x3


class KernelBranch(nn.Module):
    """Branch 1: depth-wise convolution by kernels predicted from the representation."""

    def __init__(self, features: int, compressed: int) -> None:
        """Build the kernel predictor and the 1x1 convolution that follows."""
        super().__init__()
        self.kernel = nn.Sequential(
            nn.Linear(compressed, compressed, bias=False),
            nn.LeakyReLU(SLOPE),
            nn.Linear(compressed, features * 9, bias=False),
        )
        self.conv = nn.Conv2d(features, features, 1)

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape."""
        b, c = x.shape[:2]
        kernels = self.kernel(compressed).view(b, c, 3, 3)
        return self.conv(depthwise(x, kernels, SLOPE))


class ChannelBranch(nn.Module):
    """Branch 2 ("CA"): one coefficient a channel, predicted from the representation."""

    def __init__(self, features: int, compressed: int, reduction: int) -> None:
        """Build the coefficient predictor, with as many hidden units as D / reduction."""
        super().__init__()
        hidden = max(1, compressed // reduction)
        self.coefficients = nn.Sequential(
            nn.Linear(compressed, hidden, bias=False),
            nn.LeakyReLU(SLOPE),
            nn.Linear(hidden, features, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return the rescaled features."""
        return x * self.coefficients(compressed)[:, :, None, None]


class DAConv(nn.Module):
    """Degradation-aware convolution: the sum of the branches that are switched on."""

    def __init__(
        self, features: int, compressed: int, reduction: int, *, kernel: bool, channel: bool
    ) -> None:
        """Build the branches; at least one must be on."""
        super().__init__()
        branches: list[nn.Module] = []
        if kernel:
            branches.append(KernelBranch(features, compressed))
        if channel:
            branches.append(ChannelBranch(features, compressed, reduction))
        assert branches, "a DA conv without branches reads no representation"
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape."""
        outputs = [branch(x, compressed) for branch in self.branches]
        return outputs[0] if len(outputs) == 1 else outputs[0].add_(outputs[1])


class VanillaConv(nn.Module):
    """Model 2's stand-in for a DA conv: an ordinary 3x3 convolution."""

    def __init__(self, features: int) -> None:
        """Build the convolution."""
        super().__init__()
        self.conv = conv3x3(features, features)

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape; the representation is not read."""
        return self.conv(x)


class Block(nn.Module):
    """Two pairs of (DA conv, 3x3 convolution) with a skip."""

    def __init__(self, features: int, adaptive: tuple[nn.Module, nn.Module]) -> None:
        """Build the 3x3 convolutions around two given (DA or vanilla) convolutions."""
        super().__init__()
        self.adaptive = nn.ModuleList(adaptive)
        self.convs = nn.ModuleList(conv3x3(features, features) for _ in range(2))

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape."""
        out = F.leaky_relu_(self.adaptive[0](x, compressed), SLOPE)
        out = F.leaky_relu_(self.convs[0](out), SLOPE)
        out = F.leaky_relu_(self.adaptive[1](out, compressed), SLOPE)
        return self.convs[1](out).add_(x)


class Group(nn.Module):
    """Blocks, a 3x3 convolution and a skip."""

    def __init__(self, features: int, blocks: list[Block]) -> None:
        """Build the closing convolution after the given blocks."""
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self.conv = conv3x3(features, features)

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape."""
        out = x
        for block in self.blocks:
            out = block(out, compressed)
        return self.conv(out).add_(x)


class Stretch(nn.Module):
    """Model 2's conditioning: stretch the representation and concatenate it (as SRMD)."""

    def __init__(self, features: int, compressed: int) -> None:
        """Build the 3x3 convolution back to the number of feature channels."""
        super().__init__()
        self.conv = conv3x3(features + compressed, features)

    def forward(self, x: Tensor, compressed: Tensor) -> Tensor:
        """Return features of the same shape."""
        maps = compressed[:, :, None, None].expand(-1, -1, *x.shape[-2:])
        return self.conv(torch.cat([x, maps], dim=1))

"""What a generator adds its output to: the mean colour, or the bicubic enlargement.

Shapes: B images, h x w LR, H x W = scale * (h x w).
"""

import torch
from torch import Tensor, nn, tensor

from dasr.degradation import enlarge

DIV2K_MEAN = (0.4488, 0.4371, 0.4040)
"""Mean RGB of DIV2K in [0, 1], which the paper's networks subtract and add back."""


class Baseline(nn.Module):
    """Takes the mean colour off LR images, and makes SR images of a generator's output."""

    mean: Tensor

    def __init__(self, scale: int, *, bicubic: bool) -> None:
        """Remember whether the output is added to the bicubic enlargement, or to the mean."""
        super().__init__()
        self.scale = scale
        self.bicubic = bicubic
        mean = tensor(DIV2K_MEAN, device="cpu").view(3, 1, 1) * 255  # quick on "meta" too
        self.register_buffer("mean", mean, persistent=False)

    def start(self, *last: nn.Module) -> None:
        """Let training start at bicubic itself, if that is what outputs are added to.

        Args:
            last: the generator's last modules in order; the last convolution in them
                becomes zero.
        """
        if not self.bicubic:
            return
        layers = [layer for module in last for layer in module.modules()]
        final = [layer for layer in layers if isinstance(layer, nn.Conv2d)][-1]
        for parameter in final.parameters():
            nn.init.zeros_(parameter)

    def centred(self, lr_image: Tensor) -> Tensor:
        """Return LR images, (B, 3, h, w) in [0, 255], without the mean colour."""
        return lr_image - self.mean

    def forward(self, out: Tensor, lr_image: Tensor) -> Tensor:
        """Return SR images, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            out: of the generator's last layer, (B, 3, H, W).
            lr_image: (B, 3, h, w), [0, 255].
        """
        if not self.bicubic:
            return out + self.mean
        with torch.autocast(lr_image.device.type, enabled=False):
            return out + enlarge(lr_image, self.scale)

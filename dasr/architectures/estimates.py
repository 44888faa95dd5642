"""Codes of degradations, and networks that find them: a predictor, and IKC's corrector.

What SRMD and IKC condition on: see `dasr.degradation.codes`.

Shapes: B images, L numbers in a code, h x w LR, H x W HR.
"""

import torch
from torch import Tensor, nn

from dasr.degradation import DegradationBatch
from dasr.degradation.codes import kernel_codes, kernel_components

NOISE_UNIT = 255.0
"""Grey levels of noise that are 1 in a code, as in SRMD's noise map."""
WHITE = 255.0
"""The predictor's convolutions see images of [0, 1]."""
SLOPE = 0.2
"""Negative slope of LeakyReLU in IKC's networks."""


class Codes(nn.Module):
    """True degradation -> code: principal components of the kernel, and the noise if asked."""

    components: Tensor

    def __init__(self, length: int, *, noise: bool) -> None:
        """Keep the components in the network's file, so that it needs nothing else.

        Args:
            length: numbers of the kernel's code.
            noise: whether the noise level is one more number.
        """
        super().__init__()
        self.noise = noise
        self.register_buffer("components", kernel_components(length).clone())

    def forward(self, degradation: DegradationBatch) -> Tensor:
        """Return the codes of B degradations, (B, L)."""
        kernel = kernel_codes(degradation, self.components)
        if not self.noise:
            return kernel
        level = degradation.noise_level.to(kernel, non_blocking=True) / NOISE_UNIT
        return torch.cat([kernel, level[:, None]], dim=1)


class Predictor(nn.Module):
    """LR image -> code, by six 5x5 convolutions and the mean over the image.

    As IKC's predictor (Gu et al., CVPR 2019): 420K parameters with a code of 10
    numbers, which is what the paper's tables give (counted in units of 1,024). Their released
    code has an activation behind the last convolution too; here there is none, since a code
    has negative numbers.
    """

    def __init__(self, length: int, features: int) -> None:
        """Build the convolutions; the fourth halves the image."""
        super().__init__()
        layers: list[nn.Module] = []
        previous = 3
        for stride in (1, 1, 1, 2, 1):
            layers += [
                nn.Conv2d(previous, features, 5, stride, padding=2),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
            previous = features
        self.convs = nn.Sequential(*layers, nn.Conv2d(previous, length, 5, padding=2))

    def forward(self, lr_image: Tensor) -> Tensor:
        """Return codes, (B, L), of LR images (B, 3, h, w) in [0, 255]."""
        maps: Tensor = self.convs(lr_image / WHITE)
        return maps.mean(dim=(2, 3))


class Corrector(nn.Module):
    """SR image and the code that it was made by -> what is to be added to that code."""

    def __init__(self, length: int, features: int) -> None:
        """Build 5x5 convolutions of the image, two layers of the code, 1x1 of both."""
        super().__init__()
        layers: list[nn.Module] = []
        previous = 3
        for stride in (1, 2, 1, 2, 1, 1, 1):
            layers += [
                nn.Conv2d(previous, features, 5, stride, padding=2),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
            previous = features
        self.convs = nn.Sequential(*layers)
        self.code = nn.Sequential(
            nn.Linear(length, features),
            nn.LeakyReLU(SLOPE),
            nn.Linear(features, features),
            nn.LeakyReLU(SLOPE),
        )
        self.both = nn.Sequential(
            nn.Conv2d(2 * features, 2 * features, 1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * features, features, 1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(features, length, 1),
        )

    def forward(self, sr: Tensor, code: Tensor) -> Tensor:
        """Return differences of codes, (B, L), of SR images (B, 3, H, W) in [0, 255]."""
        seen = self.convs(sr / WHITE)
        maps: Tensor = self.both(torch.cat([seen, stretched(self.code(code), seen)], dim=1))
        return maps.mean(dim=(2, 3))


def stretched(code: Tensor, like: Tensor) -> Tensor:
    """Return codes (B, L) as maps, (B, L, h, w), of the size of images or features."""
    return code[:, :, None, None].to(like.dtype).expand(*code.shape, *like.shape[-2:])

"""DnCNN in front of a network: the paper's way to let others meet noise (section 4.3).

DnCNN (Zhang et al., "Beyond a Gaussian Denoiser", TIP 2017) is a stack of 3x3 convolutions
that estimates the noise: the first with a ReLU, the last alone, those between with batch
normalisation and a ReLU; its input minus the estimate is the denoised image. The defaults are
its blind colour version, whose 20 layers are the 650K parameters of the paper's Table 3 (which
counts in units of 1,024). It is trained on LR images of the study's own regime, and the target
is what they were before noise and compression: it leaves the blur to the network behind it.

Shapes: B images, h x w LR.
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from dasr.architectures.base import Network
from dasr.architectures.layers import conv3x3
from dasr.architectures.losses import Losses, squared_loss
from dasr.architectures.parts import Part
from dasr.config.models.denoiser import DenoiserConfig
from dasr.degradation import DegradationBatch, uncorrupted

WHITE = 255.0
"""Its convolutions see and return images of [0, 1], as in its paper."""


class DnCNN(Part):
    """From noisy LR images to LR images."""

    def __init__(self, config: DenoiserConfig, scale: int) -> None:
        """Build the convolutions; the scale is that of the reduction before the noise."""
        super().__init__()
        self.scale = scale
        features = config.num_features
        layers: list[nn.Module] = [conv3x3(3, features), nn.ReLU(inplace=True)]
        for _ in range(config.num_layers - 2):
            layers += [
                nn.Conv2d(features, features, 3, padding=1, bias=False),
                nn.BatchNorm2d(features),
                nn.ReLU(inplace=True),
            ]
        self.noise = nn.Sequential(*layers, conv3x3(features, 3))

    def forward(self, lr_image: Tensor) -> Tensor:
        """Return denoised images, (B, 3, h, w), of images in [0, 255]; not clamped to it."""
        estimate: Tensor = self.noise(lr_image / WHITE)
        return lr_image - WHITE * estimate

    def losses(self, lr_image: Tensor, hr: Tensor, degradation: DegradationBatch) -> Losses:
        """Return the mean squared error of what is left of noise, in [0, 1]: "denoising"."""
        clean = uncorrupted(hr[:, None], degradation, self.scale)[:, 0]
        return {"denoising": squared_loss(self(lr_image) / WHITE, clean / WHITE)}


class Denoised(Network):
    """A network that sees denoised images, and was trained on images without noise."""

    def __init__(self, network: Network, config: DenoiserConfig) -> None:
        """Put a denoiser in front of a network."""
        super().__init__(network.config, network.scale)
        self.denoiser = DnCNN(config, network.scale)
        self.network = network

    def represent(
        self, lr_image: Tensor, degradation: DegradationBatch | None
    ) -> Tensor | None:
        """Return what the network makes of denoised images (B, 3, h, w): see `Network`."""
        return self.network.represent(self.denoiser(lr_image), _noiseless(degradation))

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of the denoised LR image."""
        return self.network.restore(self.denoiser(lr_image), representation)

    def forward(self, lr_image: Tensor, degradation: DegradationBatch | None = None) -> Tensor:
        """Return the SR image, (B, 3, H, W); images are denoised once."""
        sr: Tensor = self.network(self.denoiser(lr_image), _noiseless(degradation))
        return sr

    def losses(
        self,
        lr_image: Tensor,
        hr: Tensor,
        degradation: DegradationBatch,
        representation: Tensor | None = None,
    ) -> Losses:
        """Return the losses of the network behind: its images have no noise to remove."""
        return self.network.losses(lr_image, hr, degradation, representation)

    def part_paths(self) -> dict[str, str]:
        """Return where the denoiser is, and the parts of the network behind it."""
        behind = {name: f"network.{path}" for name, path in self.network.part_paths().items()}
        return {"denoiser": "denoiser", **behind}

    def kept_still(self) -> list[nn.Module]:
        """Return the denoiser, and what the network behind it keeps."""
        return [self.denoiser, *self.network.kept_still()]

    def compiled_parts(self) -> list[nn.Module]:
        """Return what the network behind gives to torch.compile."""
        return self.network.compiled_parts()


def build_part(config: DenoiserConfig, scale: int) -> DnCNN:
    """Return a new denoiser of LR images that were reduced by a scale."""
    return DnCNN(config, scale)


def sizes_of_denoiser(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what names and shapes of tensors, those of `Denoised`, say of its sizes."""
    weights = [
        tensor
        for name, tensor in tensors.items()
        if name.startswith("denoiser.noise.") and tensor.dim() == 4
    ]
    found = {"denoiser_layers": len(weights)}
    if weights:
        found["denoiser_features"] = len(tensors["denoiser.noise.0.weight"])
    return found


def _noiseless(degradation: DegradationBatch | None) -> DegradationBatch | None:
    """Return degradations as the network behind a denoiser is told of them."""
    if degradation is None:
        return None
    without = torch.zeros_like(degradation.noise_level)
    return replace(degradation, noise_level=without, jpeg_quality=None)

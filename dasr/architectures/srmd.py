"""SRMD: a plain stack of convolutions that sees the degradation as maps beside the image.

Zhang et al., "Learning a Single Convolutional Super-Resolution Network for Multiple
Degradations", CVPR 2018. The code of the degradation (`dasr.degradation.codes`) is stretched
over the image and concatenated with it; 3x3 convolutions with ReLUs, without batch
normalisation as in their released networks; one pixel shuffle. SRMDNF is told the kernel alone,
SRMD the noise level too. They need the true degradation: the paper puts IKC's predictor of it
in front (Tables 2 and 3, "SRMDNF+Predictor"), which is trained beside it here: the stack by L1
on the true code, the predictor by the squared error of its code, and neither sees the other.

Shapes: B images, L numbers in a code, h x w LR, H x W = scale * (h x w).
"""

import torch
from torch import Tensor, nn

from dasr.architectures.base import Network, told_truth
from dasr.architectures.baseline import Baseline
from dasr.architectures.estimates import WHITE, Codes, Predictor, stretched
from dasr.architectures.layers import conv3x3
from dasr.architectures.losses import Losses, l1_loss, squared_loss
from dasr.config.models.srmd import SRMDConfig
from dasr.degradation import DegradationBatch


class MapGenerator(nn.Module):
    """LR image and code -> SR image."""

    def __init__(self, config: SRMDConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        self.baseline = Baseline(scale, bicubic=config.bicubic_skip)
        features, code = config.num_features, config.code_length + config.noise_map
        layers: list[nn.Module] = [conv3x3(3 + code, features), nn.ReLU(inplace=True)]
        for _ in range(config.num_layers - 2):
            layers += [conv3x3(features, features), nn.ReLU(inplace=True)]
        self.convs = nn.Sequential(*layers, conv3x3(features, 3 * scale**2))
        self.shuffle = nn.PixelShuffle(scale)
        self.baseline.start(self.convs)

    def forward(self, lr_image: Tensor, code: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            code: (B, L).
        """
        centred = self.baseline.centred(lr_image) / WHITE
        maps = torch.cat([centred, stretched(code, centred)], dim=1)  # (B, 3 + L, h, w)
        sr: Tensor = self.baseline(WHITE * self.shuffle(self.convs(maps)), lr_image)
        return sr


class SRMD(Network):
    """A generator that is told a code, and a predictor that finds it."""

    config: SRMDConfig

    def __init__(self, config: SRMDConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__(config, scale)
        self.generator = MapGenerator(config, scale)
        self.codes = Codes(config.code_length, noise=config.noise_map)
        self.predictor: Predictor | None = None
        if config.representation == "predicted":
            length = config.code_length + config.noise_map
            self.predictor = Predictor(length, config.predictor_features)

    def represent(self, lr_image: Tensor, degradation: DegradationBatch | None) -> Tensor:
        """Return the code (B, L) of LR images (B, 3, h, w), [0, 255]: predicted, or true.

        Raises:
            ValueError: an oracle without a degradation.
        """
        if self.predictor is not None:
            predicted: Tensor = self.predictor(lr_image)
            return predicted
        true: Tensor = self.codes(told_truth(degradation))
        return true

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of an LR image and its code (B, L)."""
        sr: Tensor = self.generator(lr_image, representation)
        return sr

    def losses(
        self,
        lr_image: Tensor,
        hr: Tensor,
        degradation: DegradationBatch,
        representation: Tensor | None = None,
    ) -> Losses:
        """Return L1 of restoring by the true code, and the predictor's error: "code"."""
        true = self.codes(degradation)
        found = {"l1": l1_loss(self.restore(lr_image, true), hr)}
        if self.predictor is not None:
            found["code"] = squared_loss(self.predictor(lr_image), true)
        return found

    def compiled_parts(self) -> list[nn.Module]:
        """Return generator and predictor."""
        return [part for part in (self.generator, self.predictor) if part is not None]


def build(config: SRMDConfig, scale: int) -> SRMD:
    """Return the network of a configuration for one scale."""
    return SRMD(config, scale)


def sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    weights = {
        name: tensor
        for name, tensor in tensors.items()
        if tensor.dim() == 4 and name.startswith(("generator.convs.", "predictor.convs."))
    }
    found = {"num_layers": sum(name.startswith("generator.") for name in weights)}
    rows = {"num_features": "generator.convs.0.weight", "predictor_features": PREDICTOR}
    found |= {key: len(weights[name]) for key, name in rows.items() if name in weights}
    components = tensors.get("codes.components")
    if components is not None and components.dim() == 2:
        found["code_length"] = components.shape[1]
    return found


PREDICTOR = "predictor.convs.0.weight"
"""The predictor's first convolution."""

"""IKC: predict the kernel's code, restore, and correct the code by what restoring shows.

Gu et al., "Blind Super-Resolution With Iterative Kernel Correction", CVPR 2019. The restorer,
SFTMD, is SRResNet without batch normalisation whose blocks are modulated by the code: spatial
feature transforms make a scale and a shift per pixel of features and the stretched code. It is
trained first, on true codes. Then it is kept still, while the predictor learns the code of LR
images, and the corrector what is to be added to a code of what the restorer makes by it: a
wrong kernel leaves ringing or blur. Each correction is a step of its own: no gradient goes from
one to the one before.

Sizes are those of their released code without the branch that it does not use: 5.3 M parameters
at x4, the 5.2M of the paper's Table 3 (counted in units of 1,024). Their restorer clamps its
output, in training too; here the corrector is shown clamped images, and L1 sees what they are
made of.

Shapes: B images, L numbers in a code, C channels, h x w LR, H x W = scale * (h x w).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures.base import Network
from dasr.architectures.baseline import Baseline
from dasr.architectures.estimates import SLOPE, WHITE, Codes, Corrector, Predictor, stretched
from dasr.architectures.layers import conv3x3
from dasr.architectures.losses import Losses, l1_loss, squared_loss
from dasr.architectures.parts import Part
from dasr.architectures.upsampling import UPSAMPLERS
from dasr.config.models.ikc import IKCConfig, SFTMDConfig
from dasr.degradation import DegradationBatch


class Modulation(nn.Module):
    """A spatial feature transform: features times a scale plus a shift, both of a code."""

    def __init__(self, features: int, code: int, hidden: int) -> None:
        """Build two convolutions for the scale and two for the shift."""
        super().__init__()
        self.scale, self.shift = (
            nn.Sequential(
                conv3x3(features + code, hidden), nn.LeakyReLU(SLOPE), conv3x3(hidden, features)
            )
            for _ in range(2)
        )

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        """Return features of the same shape, (B, C, h, w), given codes (B, L)."""
        both = torch.cat([x, stretched(code, x)], dim=1)
        return x * torch.sigmoid(self.scale(both)) + self.shift(both)


class ModulatedBlock(nn.Module):
    """Two modulations with a ReLU and a 3x3 convolution behind each, and a skip."""

    def __init__(self, features: int, code: int, hidden: int) -> None:
        """Build modulations and convolutions."""
        super().__init__()
        self.modulations = nn.ModuleList(Modulation(features, code, hidden) for _ in range(2))
        self.convs = nn.ModuleList(conv3x3(features, features) for _ in range(2))

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        """Return features of the same shape, (B, C, h, w), given codes (B, L)."""
        out = x
        for modulate, conv in zip(self.modulations, self.convs, strict=True):
            out = conv(F.relu_(modulate(out, code)))
        return x + out


class SFTMD(Part):
    """The restorer: LR image and code -> SR image."""

    def __init__(self, config: SFTMDConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        features = config.num_features
        self.codes = Codes(config.code_length, noise=False)
        self.baseline = Baseline(scale, bicubic=config.bicubic_skip)
        self.head = nn.Sequential(
            conv3x3(3, features),
            nn.LeakyReLU(SLOPE),
            conv3x3(features, features),
            nn.LeakyReLU(SLOPE),
            conv3x3(features, features),
        )
        sizes = features, config.code_length, config.sft_features
        self.blocks = nn.ModuleList(ModulatedBlock(*sizes) for _ in range(config.num_blocks))
        self.modulate = Modulation(*sizes)
        self.body_conv = conv3x3(features, features)
        self.tail: nn.Module
        if config.upsampler == "staged":
            self.upsample, self.tail = _staged(features, scale), nn.Conv2d(features, 3, 9, 1, 4)
        else:
            self.upsample, self.tail = UPSAMPLERS["single"](features, scale)
        self.baseline.start(self.upsample, self.tail)

    def forward(self, lr_image: Tensor, code: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            code: (B, L).
        """
        shallow = self.head(self.baseline.centred(lr_image) / WHITE)  # (B, C, h, w)
        out = shallow
        for block in self.blocks:
            out = block(out, code)
        out = self.body_conv(self.modulate(out + shallow, code))
        sr: Tensor = self.baseline(WHITE * self.tail(self.upsample(out)), lr_image)
        return sr

    def losses(self, lr_image: Tensor, hr: Tensor, degradation: DegradationBatch) -> Losses:
        """Return L1 of restoring by true codes."""
        return {"l1": l1_loss(self(lr_image, self.codes(degradation)), hr)}


class IKC(Network):
    """Restorer, predictor and corrector."""

    config: IKCConfig

    def __init__(self, config: IKCConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__(config, scale)
        length = config.code_length
        self.restorer = SFTMD(config.restorer, scale)
        self.predictor = Predictor(length, config.predictor_features)
        self.corrector: Corrector | None = None
        if config.iterations:
            self.corrector = Corrector(length, config.corrector_features)

    def estimates(self, lr_image: Tensor) -> list[Tensor]:
        """Return the predicted code and every corrected one, (B, L) each, in their order."""
        found: list[Tensor] = [self.predictor(lr_image)]
        for _ in range(self.config.iterations):
            assert self.corrector is not None
            before = found[-1].detach()
            with torch.no_grad():
                sr = self.restorer(lr_image, before).clamp(0, 255)
            found.append(before + self.corrector(sr, before))
        return found

    def represent(self, lr_image: Tensor, degradation: DegradationBatch | None) -> Tensor:
        """Return the code (B, L) of LR images (B, 3, h, w), [0, 255], after all corrections."""
        return self.estimates(lr_image)[-1]

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of an LR image and its code (B, L)."""
        sr: Tensor = self.restorer(lr_image, representation)
        return sr

    def losses(
        self,
        lr_image: Tensor,
        hr: Tensor,
        degradation: DegradationBatch,
        representation: Tensor | None = None,
    ) -> Losses:
        """Return squared errors of codes: "predicted", and the mean of all "corrected"."""
        true = self.restorer.codes(degradation)
        predicted, *corrected = (squared_loss(one, true) for one in self.estimates(lr_image))
        found = {"predicted": predicted}
        if corrected:
            found["corrected"] = torch.stack(corrected).mean()
        return found

    def part_paths(self) -> dict[str, str]:
        """Return where the restorer is."""
        return {"restorer": "restorer"}

    def kept_still(self) -> list[nn.Module]:
        """Return the restorer."""
        return [self.restorer]

    def compiled_parts(self) -> list[nn.Module]:
        """Return restorer, predictor and corrector."""
        parts = (self.restorer, self.predictor, self.corrector)
        return [part for part in parts if part is not None]


def build(config: IKCConfig, scale: int) -> IKC:
    """Return the network of a configuration for one scale."""
    return IKC(config, scale)


def build_part(config: SFTMDConfig, scale: int) -> SFTMD:
    """Return a new restorer for one scale."""
    return SFTMD(config, scale)


def sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    begin = "restorer.blocks."
    found = {
        "num_blocks": len({name.split(".")[2] for name in tensors if name.startswith(begin)})
    }
    rows = {
        "num_features": "restorer.head.0.weight",
        "sft_features": "restorer.modulate.scale.0.weight",
        "predictor_features": "predictor.convs.0.weight",
        "corrector_features": "corrector.convs.0.weight",
    }
    for key, name in rows.items():
        if name in tensors and tensors[name].dim() > 0:
            found[key] = len(tensors[name])
    components = tensors.get("restorer.codes.components")
    if components is not None and components.dim() == 2:
        found["code_length"] = components.shape[1]
    return found


def _staged(features: int, scale: int) -> nn.Sequential:
    """Return IKC's upsampler: x4 as x2 twice, an activation behind each pixel shuffle."""
    layers: list[nn.Module] = []
    for factor in {2: (2,), 3: (3,), 4: (2, 2)}[scale]:
        layers += [
            conv3x3(features, features * factor**2),
            nn.PixelShuffle(factor),
            nn.LeakyReLU(SLOPE, inplace=True),
        ]
    return nn.Sequential(*layers)

"""The generator and the whole DASR network (paper, section 3.2).

Shapes: B images, D numbers in a representation, h x w LR, H x W = scale * (h x w).
"""

from torch import Tensor, nn

from dasr.architectures.base import Network, told_truth
from dasr.architectures.baseline import Baseline
from dasr.architectures.blocks import Block, DAConv, Group, Stretch, VanillaConv
from dasr.architectures.encoder import Encoder
from dasr.architectures.layers import SLOPE, conv3x3
from dasr.architectures.oracle import OracleEncoder
from dasr.architectures.upsampling import UPSAMPLERS
from dasr.config.models.dasr import DASRConfig
from dasr.degradation import DegradationBatch


class Generator(nn.Module):
    """Super-resolution network conditioned on a degradation representation."""

    def __init__(self, config: DASRConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        features, compressed = config.num_features, config.compressed_features
        self.baseline = Baseline(scale, bicubic=config.bicubic_skip)
        self.compress = nn.Sequential(
            nn.Linear(config.representation_features, compressed, bias=False),
            nn.LeakyReLU(SLOPE),
        )
        self.head = conv3x3(3, features)
        self.stretch = Stretch(features, compressed) if config.concatenation else None
        self.groups = nn.ModuleList(
            Group(features, [_block(config) for _ in range(config.num_blocks)])
            for _ in range(config.num_groups)
        )
        self.body_conv = conv3x3(features, features)
        self.upsample, self.tail = UPSAMPLERS[config.upsampler](features, scale)
        self.baseline.start(self.upsample, self.tail)

    def forward(self, lr_image: Tensor, representation: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            representation: (B, D).
        """
        compressed = self.compress(representation)
        shallow = self.head(self.baseline.centred(lr_image))  # (B, C, h, w)
        out = shallow if self.stretch is None else self.stretch(shallow, compressed)
        for group in self.groups:
            out = group(out, compressed)
        out = self.tail(self.upsample(self.body_conv(out).add_(shallow)))  # (B, 3, H, W)
        sr: Tensor = self.baseline(out, lr_image)
        return sr


class DASR(Network):
    """Encoder and generator: what a trained network is when it is used."""

    config: DASRConfig

    def __init__(self, config: DASRConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__(config, scale)
        self.generator = Generator(config, scale)
        if config.encoder is None:
            self.encoder = OracleEncoder(config.representation_features)
        else:
            self.encoder = Encoder(config.encoder.features)

    def represent(self, lr_image: Tensor, degradation: DegradationBatch | None) -> Tensor:
        """Return the representation (B, D) of LR images (B, 3, h, w), [0, 255].

        The learned encoder looks at the image, the oracle at the true degradation.

        Raises:
            ValueError: an oracle without a degradation.
        """
        assert self.encoder is not None
        if self.config.representation == "learned":
            learned: Tensor = self.encoder(lr_image)[0]
            return learned
        true: Tensor = self.encoder(told_truth(degradation))
        return true

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of an LR image and a representation (B, D)."""
        sr: Tensor = self.generator(lr_image, representation)
        return sr

    def compiled_parts(self) -> list[nn.Module]:
        """Return generator and learned encoder; an oracle's is a few products."""
        parts: list[nn.Module] = [self.generator]
        if self.config.encoder is not None and self.encoder is not None:
            parts.append(self.encoder)
        return parts


def build(config: DASRConfig, scale: int) -> DASR:
    """Return the network of a configuration for one scale."""
    return DASR(config, scale)


def sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    blocks = {
        tuple(name.split(".")[2:5:2])
        for name in tensors
        if name.startswith("generator.groups.") and ".blocks." in name
    }
    groups = {name.split(".")[2] for name in tensors if name.startswith("generator.groups.")}
    first = {
        "num_features": "generator.head.weight",
        "compressed_features": "generator.compress.0.weight",
        "encoder_features": "encoder.convs.0.weight",
    }
    rows = {
        key: len(tensors[name])
        for key, name in first.items()
        if name in tensors and tensors[name].dim() > 0
    }
    each = -(-len(blocks) // max(1, len(groups)))  # every group has as many
    return {"num_groups": len(groups), "num_blocks": each, **rows}


def _block(config: DASRConfig) -> Block:
    return Block(config.num_features, (_adaptive(config), _adaptive(config)))


def _adaptive(config: DASRConfig) -> nn.Module:
    if not (config.kernel_branch or config.channel_branch):
        return VanillaConv(config.num_features)
    return DAConv(
        config.num_features,
        config.compressed_features,
        config.reduction,
        kernel=config.kernel_branch,
        channel=config.channel_branch,
    )

"""The generator and the whole DASR network (paper, section 3.2).

Shapes: B images, D numbers in a representation, h x w LR, H x W = scale * (h x w).
"""

import torch
from torch import Tensor, nn, tensor

from dasr.config import ModelConfig
from dasr.degradation import DegradationBatch, enlarge
from dasr.model.blocks import Block, DAConv, Group, Stretch, VanillaConv, conv3x3
from dasr.model.encoder import SLOPE, Encoder
from dasr.model.oracle import OracleEncoder
from dasr.model.upsampling import UPSAMPLERS

DIV2K_MEAN = (0.4488, 0.4371, 0.4040)
"""Mean RGB of DIV2K in [0, 1], which the paper's networks subtract and add back."""


class Generator(nn.Module):
    """Super-resolution network conditioned on a degradation representation."""

    mean: Tensor

    def __init__(self, config: ModelConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        features, compressed = config.num_features, config.compressed_features
        self.scale = scale
        self.bicubic_skip = config.bicubic_skip
        mean = tensor(DIV2K_MEAN, device="cpu").view(3, 1, 1) * 255  # quick on "meta" too
        self.register_buffer("mean", mean, persistent=False)
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
        if config.bicubic_skip:
            layers = [*self.upsample, self.tail]
            last = [layer for layer in layers if isinstance(layer, nn.Conv2d)][-1]
            for parameter in last.parameters():
                nn.init.zeros_(parameter)  # so that training starts at bicubic itself

    def forward(self, lr_image: Tensor, representation: Tensor) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            representation: (B, D).
        """
        compressed = self.compress(representation)
        shallow = self.head(lr_image - self.mean)  # (B, C, h, w)
        out = shallow if self.stretch is None else self.stretch(shallow, compressed)
        for group in self.groups:
            out = group(out, compressed)
        out = self.tail(self.upsample(self.body_conv(out).add_(shallow)))  # (B, 3, H, W)
        if not self.bicubic_skip:
            return out + self.mean
        with torch.autocast(lr_image.device.type, enabled=False):
            return out + enlarge(lr_image, self.scale)


class DASR(nn.Module):
    """Encoder and generator: what a trained network is when it is used."""

    def __init__(self, config: ModelConfig, scale: int) -> None:
        """Build the network of a configuration for one scale."""
        super().__init__()
        self.generator = Generator(config, scale)
        self.encoder = ENCODERS[config.representation](config)

    def represent(self, lr_image: Tensor, degradation: DegradationBatch | None) -> Tensor:
        """Return the representation (B, D) of LR images (B, 3, h, w), [0, 255].

        The learned encoder looks at the image, the oracle at the true degradation.

        Raises:
            ValueError: an oracle without a degradation.
        """
        if isinstance(self.encoder, OracleEncoder):
            if degradation is None:
                raise ValueError(
                    "an oracle network needs the true degradation: it cannot be used on "
                    "images whose degradation is unknown"
                )
            return self.encoder(degradation)
        representation: Tensor = self.encoder(lr_image)[0]
        return representation

    def forward(self, lr_image: Tensor, degradation: DegradationBatch | None = None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of (B, 3, h, w) in [0, 255]."""
        sr: Tensor = self.generator(lr_image, self.represent(lr_image, degradation))
        return sr


def _learned(config: ModelConfig) -> nn.Module:
    return Encoder(config.encoder_features)


def _oracle(config: ModelConfig) -> nn.Module:
    return OracleEncoder(config.representation_features)


ENCODERS = {"learned": _learned, "oracle": _oracle}


def _block(config: ModelConfig) -> Block:
    return Block(config.num_features, (_adaptive(config), _adaptive(config)))


def _adaptive(config: ModelConfig) -> nn.Module:
    if not (config.kernel_branch or config.channel_branch):
        return VanillaConv(config.num_features)
    return DAConv(
        config.num_features,
        config.compressed_features,
        config.reduction,
        kernel=config.kernel_branch,
        channel=config.channel_branch,
    )

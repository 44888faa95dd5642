"""DASR and its ablations (paper, section 3)."""

from dataclasses import dataclass
from typing import Literal

from dasr.config.checks import require
from dasr.config.models.base import EncoderConfig, ModelConfig


@dataclass(frozen=True, kw_only=True)
class DASRConfig(ModelConfig):
    """Sizes and options of encoder and generator; the defaults are the paper's network."""

    architecture: Literal["dasr"] = "dasr"
    num_groups: int = 5
    """Residual groups in the generator."""
    num_blocks: int = 5
    """DA blocks in a group."""
    num_features: int = 64
    """Channels of the generator."""
    encoder_features: int = 64
    """Channels of the encoder's first layer; the representation has four times as many."""
    compressed_features: int = 64
    """Size of the compressed representation that conditions the generator."""
    reduction: int = 8
    """Channel reduction inside the modulation branch."""
    representation: Literal["learned", "oracle"] = "learned"
    """Where the representation comes from: the encoder, or the true degradation."""
    kernel_branch: bool = True
    """DA conv, branch 1: a depth-wise kernel predicted from the representation."""
    channel_branch: bool = True
    """DA conv, branch 2 ("CA"): channel coefficients from the representation."""
    concatenation: bool = False
    """Stretch the representation over the image and concatenate it with the features."""
    bicubic_skip: bool = False
    """Not in the paper: add the bicubic enlargement, so that the network learns the rest."""
    upsampler: Literal["staged", "single"] = "staged"
    """"staged": the paper's (x4 as x2 twice). "single" (not in the paper): one convolution
    straight to scale**2 * 3 channels and one pixel shuffle."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built and a representation nobody reads."""
        super().__post_init__()
        for name in (
            "num_groups",
            "num_blocks",
            "num_features",
            "encoder_features",
            "compressed_features",
            "reduction",
        ):
            require(getattr(self, name) > 0, f"{name} must be positive")
        require(
            self.kernel_branch or self.channel_branch or self.concatenation,
            "kernel_branch, channel_branch and concatenation are all off: "
            "nothing would read the representation",
        )

    @property
    def blocks(self) -> int:
        """DA blocks of all groups."""
        return self.num_groups * self.num_blocks

    @property
    def encoder(self) -> EncoderConfig | None:
        """The learned representation's encoder; an oracle has none."""
        if self.representation == "oracle":
            return None
        return EncoderConfig(features=self.encoder_features)

    @property
    def representation_features(self) -> int:
        """Size of the representation."""
        return 4 * self.encoder_features

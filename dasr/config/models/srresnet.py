"""A plain residual network, which is not told and does not ask what degraded an image."""

from dataclasses import dataclass
from typing import Literal

from dasr.config.checks import require
from dasr.config.models.base import ModelConfig


@dataclass(frozen=True, kw_only=True)
class SRResNetConfig(ModelConfig):
    """Sizes and options; the default sizes are SRResNet's (Ledig et al., CVPR 2017)."""

    architecture: Literal["srresnet"] = "srresnet"
    representation: Literal["none"] = "none"
    """Nothing conditions the network."""
    num_blocks: int = 16
    """Residual blocks of two 3x3 convolutions."""
    num_features: int = 64
    """Channels of every layer before the upsampler."""
    bicubic_skip: bool = False
    """Not in their paper: add the bicubic enlargement, so that the network learns the rest."""
    upsampler: Literal["staged", "single"] = "staged"
    """"staged": theirs (x4 as x2 twice). "single" (not in their paper): one convolution
    straight to scale**2 * 3 channels and one pixel shuffle."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built."""
        super().__post_init__()
        for name in ("num_blocks", "num_features"):
            require(getattr(self, name) > 0, f"{name} must be positive")

    @property
    def blocks(self) -> int:
        """Residual blocks."""
        return self.num_blocks

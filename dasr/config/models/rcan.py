"""RCAN, which the paper compares DASR with: very deep, and made for one degradation."""

from dataclasses import dataclass
from typing import Literal

from dasr.config.checks import require
from dasr.config.models.base import ModelConfig


@dataclass(frozen=True, kw_only=True)
class RCANConfig(ModelConfig):
    """Sizes and options; the default sizes are those of Zhang et al., ECCV 2018."""

    architecture: Literal["rcan"] = "rcan"
    representation: Literal["none"] = "none"
    """Nothing conditions the network."""
    num_groups: int = 10
    """Residual groups."""
    num_blocks: int = 20
    """Residual channel attention blocks in a group."""
    num_features: int = 64
    """Channels of every layer before the upsampler."""
    reduction: int = 16
    """Channel reduction inside a block's channel attention."""
    bicubic_skip: bool = False
    """Not in their paper: add the bicubic enlargement, so that the network learns the rest."""
    upsampler: Literal["staged", "single"] = "staged"
    """"staged": theirs (x4 as x2 twice). "single" (not in their paper): one convolution
    straight to scale**2 * 3 channels and one pixel shuffle."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built."""
        super().__post_init__()
        for name in ("num_groups", "num_blocks", "num_features", "reduction"):
            require(getattr(self, name) > 0, f"{name} must be positive")
        require(
            self.reduction <= self.num_features,
            f"reduction {self.reduction} leaves nothing of {self.num_features} num_features",
        )

    @property
    def blocks(self) -> int:
        """Residual channel attention blocks of all groups."""
        return self.num_groups * self.num_blocks

"""IKC: a network that is told the kernel's code, and two that find it by iterating."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dasr.config.checks import require
from dasr.config.models.base import ModelConfig
from dasr.config.models.parts import PartConfig


@dataclass(frozen=True, kw_only=True)
class SFTMDConfig(PartConfig):
    """What decides IKC's restorer, which is trained first, by true codes."""

    BUILT_BY: ClassVar[str] = "ikc"
    part: Literal["sftmd"] = "sftmd"
    num_blocks: int
    num_features: int
    sft_features: int
    code_length: int
    bicubic_skip: bool
    upsampler: Literal["staged", "single"]


@dataclass(frozen=True, kw_only=True)
class IKCConfig(ModelConfig):
    """Sizes and options; the defaults are IKC's (Gu et al., CVPR 2019)."""

    architecture: Literal["ikc"] = "ikc"
    representation: Literal["predicted"] = "predicted"
    """The code, predicted and then corrected."""
    num_blocks: int = 16
    """Residual blocks of the restorer, each with two modulated convolutions."""
    num_features: int = 64
    """Channels of the restorer."""
    sft_features: int = 32
    """Channels inside a spatial feature transform, which makes scale and shift of a code."""
    code_length: int = 10
    """Principal components of the blur kernel."""
    predictor_features: int = 64
    """Channels of the predictor."""
    corrector_features: int = 64
    """Channels of the corrector."""
    iterations: int = 7
    """Corrections of the code, in training and in use; 0 leaves what is predicted."""
    bicubic_skip: bool = False
    """Not in their paper: add the bicubic enlargement, so that the network learns the rest."""
    upsampler: Literal["staged", "single"] = "staged"
    """"staged": theirs, pixel shuffles with activations and a 9x9 convolution. "single" (not
    in their paper): one convolution straight to scale**2 * 3 channels and one pixel shuffle."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built."""
        super().__post_init__()
        for name in (
            "num_blocks",
            "num_features",
            "sft_features",
            "code_length",
            "predictor_features",
            "corrector_features",
        ):
            require(getattr(self, name) > 0, f"{name} must be positive")
        require(self.iterations >= 0, "iterations must be at least 0")

    @property
    def blocks(self) -> int:
        """Residual blocks of the restorer."""
        return self.num_blocks

    @property
    def restorer(self) -> SFTMDConfig:
        """What decides the restorer."""
        return SFTMDConfig(
            num_blocks=self.num_blocks,
            num_features=self.num_features,
            sft_features=self.sft_features,
            code_length=self.code_length,
            bicubic_skip=self.bicubic_skip,
            upsampler=self.upsampler,
        )

    @property
    def own_parts(self) -> dict[str, PartConfig]:
        """The restorer."""
        return {"restorer": self.restorer}

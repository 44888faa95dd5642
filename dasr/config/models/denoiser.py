"""DnCNN, a denoiser that LR images go through before a network."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dasr.config.checks import require
from dasr.config.models.parts import PartConfig


@dataclass(frozen=True, kw_only=True)
class DenoiserConfig(PartConfig):
    """Sizes of DnCNN (Zhang et al., TIP 2017); the defaults are its blind colour version."""

    BUILT_BY: ClassVar[str] = "dncnn"
    part: Literal["dncnn"] = "dncnn"
    num_layers: int = 20
    """Convolutions, the first and the last among them."""
    num_features: int = 64
    """Channels between them."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built."""
        require(self.num_layers > 2, "denoiser_layers must be at least 3")
        require(self.num_features > 0, "denoiser_features must be positive")

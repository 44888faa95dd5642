"""SRMD, which is told the degradation as maps beside the image, and a predictor of them."""

from dataclasses import dataclass
from typing import Literal

from dasr.config.checks import require
from dasr.config.models.base import ModelConfig


@dataclass(frozen=True, kw_only=True)
class SRMDConfig(ModelConfig):
    """Sizes and options; the defaults are SRMDNF's (Zhang et al., CVPR 2018)."""

    architecture: Literal["srmd"] = "srmd"
    representation: Literal["predicted", "oracle"] = "predicted"
    """Where the code in use comes from: a predictor of it, or the true degradation. Training
    restores by the true one in both cases."""
    num_layers: int = 12
    """3x3 convolutions, the first and the last among them."""
    num_features: int = 128
    """Channels between them."""
    code_length: int = 15
    """Principal components of the blur kernel."""
    noise_map: bool = False
    """Whether the noise level is one more number of the code: SRMD; SRMDNF is without."""
    predictor_features: int = 64
    """Channels of the predictor."""
    bicubic_skip: bool = False
    """Not in their paper: add the bicubic enlargement, so that the network learns the rest."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built."""
        super().__post_init__()
        for name in ("num_features", "code_length", "predictor_features"):
            require(getattr(self, name) > 0, f"{name} must be positive")
        require(self.num_layers > 1, "num_layers must be at least 2")
        require(
            not (self.noise_map and self.denoise_first),
            "noise_map: behind a denoiser there is no noise to tell of: set it to false",
        )

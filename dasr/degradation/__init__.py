"""HR images to LR images, by the paper's model of blur, reduction and noise."""

from dasr.degradation.kernels import gaussian_1d, gaussian_2d
from dasr.degradation.pipeline import (
    Degradation,
    add_noise,
    blur_and_downsample,
    degrade,
    sample_degradations,
)
from dasr.degradation.resize import bicubic_matrix, enlarge, resize

__all__ = [
    "Degradation",
    "add_noise",
    "bicubic_matrix",
    "blur_and_downsample",
    "degrade",
    "enlarge",
    "gaussian_1d",
    "gaussian_2d",
    "resize",
    "sample_degradations",
]

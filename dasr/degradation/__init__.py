"""HR images to LR images, by the paper's model of blur, reduction and noise."""

from dasr.degradation.images import lr_images, to_grey_levels, to_pixels, to_tensor
from dasr.degradation.kernels import DOT, gaussian_1d, gaussian_2d
from dasr.degradation.pipeline import (
    DegradationBatch,
    blur_and_downsample,
    corrupt,
    degrade,
    sample_degradations,
    uncorrupted,
)
from dasr.degradation.resize import bicubic_matrix, enlarge, resize

__all__ = [
    "DOT",
    "DegradationBatch",
    "bicubic_matrix",
    "blur_and_downsample",
    "corrupt",
    "degrade",
    "enlarge",
    "gaussian_1d",
    "gaussian_2d",
    "lr_images",
    "resize",
    "sample_degradations",
    "to_grey_levels",
    "to_pixels",
    "to_tensor",
    "uncorrupted",
]

"""HR images to LR images: the paper's blur, reduction and noise, compression, a first pass."""

from dasr.degradation.batch import DegradationBatch, FirstPassBatch, sample_degradations
from dasr.degradation.corruption import corrupt
from dasr.degradation.images import lr_images, to_grey_levels, to_pixels, to_tensor
from dasr.degradation.kernels import DOT, gaussian_1d, gaussian_2d
from dasr.degradation.pipeline import blur_and_downsample, degrade, uncorrupted
from dasr.degradation.resize import bicubic_matrix, enlarge, resize

__all__ = [
    "DOT",
    "DegradationBatch",
    "FirstPassBatch",
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

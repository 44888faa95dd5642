"""HR images to LR images (paper, section 4.1), after a first pass where there is one.

Blur, downsample, noise, round, clamp, compress. Blur and reduction are folded into small
matrices (`dasr.degradation.folding`).

Shapes: B degradations, N images that share one, C channels, H x W HR, h x w LR.
"""

import torch
from torch import Tensor

from dasr.degradation.batch import DegradationBatch
from dasr.degradation.corruption import corrupt
from dasr.degradation.first_pass import after_first_pass, blur_and_reduce, require_blurrable
from dasr.degradation.folding import fold_any, fold_isotropic
from dasr.degradation.kernels import gaussian_1d


def degrade(
    hr: Tensor, degradation: DegradationBatch, scale: int, rng: torch.Generator
) -> Tensor:
    """Return LR images, (B, N, C, h, w), whole numbers in [0, 255].

    Args:
        hr: HR images, (B, N, C, H, W), [0, 255], H and W multiples of the scale; C is 3
            where something is compressed, and pixels are whole numbers where there is a
            first pass.
        degradation: what to do to each of the B groups of N images.
        scale: reduction factor.
        rng: generator of the noise, which is drawn on its device; not touched where every
            noise level is 0.

    Raises:
        ValueError: an image too small for the kernel's reflect padding, or sizes that
            are no multiples of the scale.
    """
    if degradation.first_pass is None:
        blurred = blur_and_downsample(hr, degradation, scale)
    else:
        passed = after_first_pass(hr, degradation.first_pass, rng)
        blurred = blur_and_reduce(passed, degradation, lr_size(hr, scale))
    return corrupt(blurred, degradation, rng)


def uncorrupted(hr: Tensor, degradation: DegradationBatch, scale: int) -> Tensor:
    """Return what `degrade` returns but for noise and compression: whole numbers in [0, 255].

    Args:
        hr: HR images, (B, N, C, H, W), [0, 255].
        degradation: what else is done to each of the B groups of N images; no first pass.
        scale: reduction factor.
    """
    return blur_and_downsample(hr, degradation, scale).round().clamp(0, 255)


def lr_size(hr: Tensor, scale: int) -> tuple[int, int]:
    """Return height and width of the LR images of (..., H, W).

    Raises:
        ValueError: they are no multiples of the scale.
    """
    height, width = hr.shape[-2:]
    if height % scale or width % scale:
        raise ValueError(f"size {width}x{height} is not a multiple of scale {scale}")
    return height // scale, width // scale


def blur_and_downsample(hr: Tensor, degradation: DegradationBatch, scale: int) -> Tensor:
    """Return what `degrade` returns before noise and rounding, without a first pass."""
    require_blurrable(*hr.shape[-2:])
    images = hr.flatten(1, 2)  # (B, N * C, H, W)
    if degradation.isotropic:
        taps = gaussian_1d(degradation.lambda_1.to(hr, non_blocking=True))
        lr_images = fold_isotropic(images, taps, scale, degradation.downsample)
    else:
        kernels = degradation.kernels()
        lr_images = fold_any(images, kernels, scale, degradation.downsample)
    return lr_images.unflatten(1, hr.shape[1:3])

"""Blur, downsample, noise, round, clamp, compress: HR images to LR images (paper, section 4.1).

Blur and reduction are folded into small matrices (`dasr.degradation.folding`).

Shapes: B degradations, N images that share one, C channels, H x W HR, h x w LR.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dasr.config import KERNEL_SIZE, Degradation, DegradationConfig
from dasr.config.degradation import Reduction
from dasr.degradation.folding import fold_any, fold_isotropic
from dasr.degradation.kernels import DOT, gaussian_1d, gaussian_2d

SUBSAMPLING = "4:2:0"
"""Colour at half the resolution: what Pillow, libjpeg and most cameras do by default."""


@dataclass(frozen=True)
class DegradationBatch:
    """One degradation for each of B images: tensors of shape (B,), and one reduction.

    On the CPU: functions decide by the values, which on a GPU would wait for it.
    """

    lambda_1: Tensor
    """Standard deviation along the first axis in HR pixels; 0 is no blur."""
    lambda_2: Tensor
    theta: Tensor
    """Angle in radians."""
    noise_level: Tensor
    """Standard deviation of the noise in grey levels of 0..255."""
    downsample: Reduction = "bicubic"
    jpeg_quality: Tensor | None = None
    """JPEG quality, whole numbers; 0 is no compression, None is none for all."""

    @staticmethod
    def of(degradations: Sequence[Degradation]) -> "DegradationBatch":
        """Return degradations as a batch, in their order.

        Raises:
            ValueError: degradations that reduce in different ways, or none at all.
        """
        reductions = sorted({one.downsample for one in degradations})
        if len(reductions) != 1:
            raise ValueError(f"a batch needs one reduction, got {reductions}")
        rows = [
            (
                one.kernel.lambda_1,
                one.kernel.lambda_2,
                float(np.deg2rad(one.kernel.theta_deg)),
                one.noise_level,
            )
            for one in degradations
        ]
        lambda_1, lambda_2, theta, noise_level = torch.tensor(rows, dtype=torch.float32).T
        qualities = torch.tensor([one.jpeg_quality or 0 for one in degradations])
        compressed = qualities if bool(qualities.any()) else None
        return DegradationBatch(
            lambda_1, lambda_2, theta, noise_level, reductions[0], compressed
        )


def sample_degradations(
    config: DegradationConfig, scale: int, count: int, rng: torch.Generator
) -> DegradationBatch:
    """Return `count` degradations drawn uniformly from the training ranges."""

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=rng)

    low, high = config.kernel_width[scale]
    lambda_1 = uniform(low, high)
    anisotropic = config.blur == "anisotropic"
    lambda_2 = uniform(low, high) if anisotropic else lambda_1
    theta = uniform(0.0, float(np.pi)) if anisotropic else torch.zeros(count)
    noise_level = uniform(*config.noise_level)
    quality = None
    if config.jpeg_quality is not None:  # so that others draw what they drew before
        worst, best = config.jpeg_quality
        quality = torch.randint(worst, best + 1, (count,), generator=rng)
    return DegradationBatch(lambda_1, lambda_2, theta, noise_level, config.downsample, quality)


def degrade(
    hr: Tensor, degradation: DegradationBatch, scale: int, rng: torch.Generator
) -> Tensor:
    """Return LR images, (B, N, C, h, w), whole numbers in [0, 255].

    Args:
        hr: HR images, (B, N, C, H, W), [0, 255], H and W multiples of the scale; C is 3
            where something is compressed.
        degradation: what to do to each of the B groups of N images.
        scale: reduction factor.
        rng: generator of the noise, which is drawn on its device; not touched where every
            noise level is 0.

    Raises:
        ValueError: an image too small for the kernel's reflect padding, or sizes that
            are no multiples of the scale.
    """
    blurred = blur_and_downsample(hr, degradation, scale)
    return corrupt(blurred, degradation, rng)


def corrupt(lr_images: Tensor, degradation: DegradationBatch, rng: torch.Generator) -> Tensor:
    """Return what `degrade` returns: what becomes of the images of `blur_and_downsample`."""
    if bool((degradation.noise_level > 0).any()):
        noise = torch.randn(
            lr_images.shape, generator=rng, dtype=lr_images.dtype, device=rng.device
        ).to(lr_images.device)
        level = degradation.noise_level.to(lr_images, non_blocking=True)
        lr_images = lr_images + level[:, None, None, None, None] * noise
    lr_images = lr_images.round().clamp(0, 255)
    if degradation.jpeg_quality is None:
        return lr_images
    return _compress(lr_images, degradation.jpeg_quality.tolist())


def uncorrupted(hr: Tensor, degradation: DegradationBatch, scale: int) -> Tensor:
    """Return what `degrade` returns but for noise and compression: whole numbers in [0, 255].

    Args:
        hr: HR images, (B, N, C, H, W), [0, 255].
        degradation: what else is done to each of the B groups of N images.
        scale: reduction factor.
    """
    return blur_and_downsample(hr, degradation, scale).round().clamp(0, 255)


def _compress(lr_images: Tensor, qualities: Sequence[int]) -> Tensor:
    """Return images, (B, N, 3, h, w), written as JPEG and read again, on their device.

    Libjpeg works on a CPU: from a GPU, images go there and back.
    """
    pixels = lr_images.to(torch.uint8).permute(0, 1, 3, 4, 2).cpu().numpy()
    for group, quality in zip(pixels, qualities, strict=True):
        for image in group if quality else ():
            file = BytesIO()
            settings = {"quality": quality, "subsampling": SUBSAMPLING}
            Image.fromarray(image).save(file, "JPEG", **settings)
            with Image.open(file) as compressed:
                image[:] = np.asarray(compressed)
    return torch.from_numpy(pixels).permute(0, 1, 4, 2, 3).to(lr_images)


def blur_and_downsample(hr: Tensor, degradation: DegradationBatch, scale: int) -> Tensor:
    """Return what `degrade` returns before noise and rounding."""
    height, width = hr.shape[-2:]
    if min(height, width) <= KERNEL_SIZE // 2:
        raise ValueError(
            f"image of {width}x{height} pixels is too small for the {KERNEL_SIZE}-pixel "
            f"blur kernel: both sides must exceed {KERNEL_SIZE // 2}"
        )
    images = hr.flatten(1, 2)  # (B, N * C, H, W)
    if bool((degradation.lambda_1 == degradation.lambda_2).all()):
        taps = gaussian_1d(degradation.lambda_1.to(hr, non_blocking=True))
        lr_images = fold_isotropic(images, taps, scale, degradation.downsample)
    else:
        kernels = _kernels(degradation)
        lr_images = fold_any(images, kernels, scale, degradation.downsample)
    return lr_images.unflatten(1, hr.shape[1:3])


def _kernels(degradation: DegradationBatch) -> Tensor:
    """Return 2-D kernels, (B, S, S), float64, on the CPU."""
    first, second, theta = (
        value.cpu().double()
        for value in (degradation.lambda_1, degradation.lambda_2, degradation.theta)
    )
    # no blur may stand beside anisotropic kernels
    return gaussian_2d(first.clamp(min=DOT), second.clamp(min=DOT), theta)

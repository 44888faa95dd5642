"""PSNR and SSIM of a method over images x kernels x noise levels: tidy rows."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from dasr.config import GridConfig, Kernel
from dasr.data import PackedImages
from dasr.data.pixels import Pixels
from dasr.degradation import (
    Degradation,
    add_noise,
    blur_and_downsample,
    degrade,
    enlarge,
)
from dasr.errors import UserError
from dasr.evaluation.metrics import Reference
from dasr.seeds import generator

Upscaler = Callable[[Tensor, Degradation], Tensor]
"""LR images (B, 3, h, w) in [0, 255] and their true degradations -> SR (B, 3, H, W)."""

CPU_PIXELS, GPU_PIXELS = 2**21, 2**23
"""HR pixels of a batch at most, unless one image has more. Features of the paper's network
take 256 bytes an HR pixel and there are about three of them: 1.6 GB and 6.4 GB at the peak.
On a CPU a batch is also the noise levels of one kernel at most: features that outgrow the
cache and the allocator's free lists cost it more than larger batches save
(docs/performance.md)."""


def bicubic(scale: int) -> Upscaler:
    """Return bicubic enlargement as a method like the others."""
    return lambda lr_image, degradation: enlarge(lr_image, scale)


def crop_to_multiple(image: Pixels, scale: int) -> Pixels:
    """Return the image without its last rows and columns that the scale cannot divide."""
    height, width = (side // scale * scale for side in image.shape[:2])
    return image[:height, :width]


def degraded_image(
    hr: Pixels,
    image: str,
    kernel: Kernel,
    noise_level: float,
    *,
    scale: int,
    downsample: str,
    seed: int,
) -> Tensor:
    """Return the LR test image, (3, h, w), whole numbers in [0, 255].

    Its noise depends on seed, image, kernel and level alone: not on the network, the
    order of evaluation, or what else is in the grid.
    """
    tensor = to_tensor(crop_to_multiple(hr, scale))[None, None]  # (1, 1, 3, H, W)
    rng = _noise_generator(seed, image, kernel, noise_level)
    one = Degradation.of(kernel, noise_level)
    return degrade(tensor, one, scale, downsample, rng)[0, 0]


def evaluate(
    upscale: Upscaler,
    images: PackedImages,
    grid: GridConfig,
    *,
    scale: int,
    downsample: str,
    seed: int,
    device: torch.device,
    method: str,
) -> pd.DataFrame:
    """Return one row an (image, kernel, noise level).

    Columns: testset, image, kernel, kernel_width (empty if anisotropic), lambda_1,
    lambda_2, theta_deg, noise_level, psnr_y_db, ssim_y.

    Raises:
        UserError: SR holds NaN or infinite values; the line names `method` (a network's
            file, say), image and degradations.
    """
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(images.names):
        hr = crop_to_multiple(images[number], scale)
        reference = Reference(hr, scale)
        tensor = to_tensor(hr)[None, None]
        for cells in _batches(grid, scale, hr.shape[0] * hr.shape[1], device):
            lr_images = _degraded(tensor, name, cells, scale, downsample, seed).to(device)
            with torch.inference_mode():
                sr = upscale(lr_images, _degradations(cells))
                shown = "; ".join(degradation_label(*cell) for cell in cells)
                sr = to_grey_levels(sr, f"{method}: {images.name}/{name} at {shown}").cpu()
            scores = zip(cells, *reference.scores(sr), strict=True)
            rows += [
                {
                    "testset": images.name,
                    "image": name,
                    **_kernel_keys(kernel),
                    "noise_level": level,
                    "psnr_y_db": psnr,
                    "ssim_y": ssim,
                }
                for (kernel, level), psnr, ssim in scores
            ]
    return pd.DataFrame(rows)


Cell = tuple[Kernel, float]
"""Kernel and noise level of a test image."""


def _batches(
    grid: GridConfig, scale: int, pixels: int, device: torch.device
) -> Iterator[list[Cell]]:
    """Yield the grid's cells in batches for images of so many HR pixels."""
    kernels = [
        [(kernel, level) for level in grid.noise_levels] for kernel in grid.at_scale(scale)
    ]
    cpu = device.type == "cpu"
    groups = kernels if cpu else [[cell for cells in kernels for cell in cells]]
    most = max(1, (CPU_PIXELS if cpu else GPU_PIXELS) // pixels)
    for cells in groups:
        for first in range(0, len(cells), most):
            yield cells[first : first + most]


def _degraded(
    hr: Tensor, image: str, cells: list[Cell], scale: int, downsample: str, seed: int
) -> Tensor:
    """Return the LR images of some cells, (B, 3, h, w), each as from `degraded_image`.

    A kernel blurs once for all its noise levels.
    """
    blurred = {
        kernel: blur_and_downsample(hr, Degradation.of(kernel, 0.0), scale, downsample)
        for kernel in {kernel for kernel, _ in cells}
    }
    found = []
    for kernel, level in cells:
        rng = _noise_generator(seed, image, kernel, level)
        found.append(add_noise(blurred[kernel], Degradation.of(kernel, level), rng)[0, 0])
    return torch.stack(found)


def _noise_generator(
    seed: int, image: str, kernel: Kernel, noise_level: float
) -> torch.Generator:
    return generator(seed, "test noise", image, kernel.label, f"{noise_level:g}")


def to_tensor(image: Pixels) -> Tensor:
    """Return (3, H, W) float32 in [0, 255] of (H, W, 3) uint8."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float()


def to_grey_levels(images: Tensor, source: str) -> Tensor:
    """Return images in [0, 255] rounded and clamped, uint8, of the same shape.

    Raises:
        UserError: a value is NaN or infinite, which would become a grey level like any
            other; the line begins with `source`.
    """
    if not bool(images.isfinite().all()):
        raise UserError(f"{source}: the result holds NaN or infinite values")
    return images.round().clamp(0, 255).to(torch.uint8)


def to_pixels(image: Tensor, source: str) -> Pixels:
    """Return (H, W, 3) uint8, rounded and clamped, of (3, H, W) in [0, 255].

    Raises:
        UserError: as `to_grey_levels`.
    """
    return to_grey_levels(image, source).permute(1, 2, 0).cpu().numpy()


def degradation_label(kernel: Kernel, noise_level: float) -> str:
    """Return e.g. "width 2.4, noise 10" or "kernel 2, 0.2, 30°, noise 0"."""
    shape = f"width {kernel.label}"
    if kernel.lambda_1 != kernel.lambda_2:
        shape = f"kernel {kernel.lambda_1:g}, {kernel.lambda_2:g}, {kernel.theta_deg:g}°"
    return f"{shape}, noise {noise_level:g}"


def _degradations(cells: list[Cell]) -> Degradation:
    each = [Degradation.of(kernel, level) for kernel, level in cells]
    names = ("lambda_1", "lambda_2", "theta", "noise_level")
    return Degradation(*(torch.cat([getattr(one, name) for one in each]) for name in names))


def _kernel_keys(kernel: Kernel) -> dict[str, Any]:
    isotropic = kernel.lambda_1 == kernel.lambda_2
    return {
        "kernel": kernel.label,
        "kernel_width": kernel.lambda_1 if isotropic else float("nan"),
        "lambda_1": kernel.lambda_1,
        "lambda_2": kernel.lambda_2,
        "theta_deg": kernel.theta_deg,
    }

"""PSNR and SSIM of a method over images x kernels x noise levels: tidy rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from dasr.config import GridConfig, Kernel
from dasr.data import PackedImages
from dasr.data.images import Pixels
from dasr.degradation import Degradation, degrade, enlarge
from dasr.evaluation.metrics import psnr_y, ssim_y
from dasr.seeds import generator

Upscaler = Callable[[Tensor, Degradation], Tensor]
"""LR images (B, 3, h, w) in [0, 255] and their true degradations -> SR (B, 3, H, W)."""


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
    rng = generator(seed, "test noise", image, kernel.label, f"{noise_level:g}")
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
) -> pd.DataFrame:
    """Return one row an (image, kernel, noise level).

    Columns: testset, image, kernel, kernel_width (empty if anisotropic), lambda_1,
    lambda_2, theta_deg, noise_level, psnr_y_db, ssim_y.
    """
    rows: list[dict[str, Any]] = []
    with ThreadPoolExecutor(max_workers=max(1, torch.get_num_threads())) as pool:
        for number, name in enumerate(images.names):
            hr = crop_to_multiple(images[number], scale)
            for kernel in grid.at_scale(scale):
                lr_images = [
                    degraded_image(
                        hr,
                        name,
                        kernel,
                        level,
                        scale=scale,
                        downsample=downsample,
                        seed=seed,
                    )
                    for level in grid.noise_levels
                ]
                batch = torch.stack(lr_images).to(device)
                truth = _degradations(kernel, grid.noise_levels).to(device)
                with torch.inference_mode():
                    sr_images = [to_pixels(sr) for sr in upscale(batch, truth)]
                scores = pool.map(lambda sr, hr=hr: _score(sr, hr, scale), sr_images)
                keys = {"testset": images.name, "image": name, **_kernel_keys(kernel)}
                rows += [
                    {**keys, "noise_level": level, "psnr_y_db": psnr, "ssim_y": ssim}
                    for level, (psnr, ssim) in zip(grid.noise_levels, scores, strict=True)
                ]
    return pd.DataFrame(rows)


def to_tensor(image: Pixels) -> Tensor:
    """Return (3, H, W) float32 in [0, 255] of (H, W, 3) uint8."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float()


def to_pixels(image: Tensor) -> Pixels:
    """Return (H, W, 3) uint8, rounded and clamped, of (3, H, W) in [0, 255]."""
    rounded = image.round().clamp(0, 255).to(torch.uint8)
    return rounded.permute(1, 2, 0).cpu().numpy()


def _score(sr: Pixels, hr: Pixels, scale: int) -> tuple[float, float]:
    return psnr_y(sr, hr, scale), ssim_y(sr, hr, scale)


def _degradations(kernel: Kernel, levels: tuple[float, ...]) -> Degradation:
    one = Degradation.of(kernel, 0.0, len(levels))
    return Degradation(one.lambda_1, one.lambda_2, one.theta, torch.tensor(levels))


def _kernel_keys(kernel: Kernel) -> dict[str, Any]:
    isotropic = kernel.lambda_1 == kernel.lambda_2
    return {
        "kernel": kernel.label,
        "kernel_width": kernel.lambda_1 if isotropic else float("nan"),
        "lambda_1": kernel.lambda_1,
        "lambda_2": kernel.lambda_2,
        "theta_deg": kernel.theta_deg,
    }

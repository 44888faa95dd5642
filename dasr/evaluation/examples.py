"""Crops of test images for the eye: LR, SR and HR of the same place."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from dasr.config import GridConfig, Kernel
from dasr.data import PackedImages
from dasr.data.pixels import Pixels
from dasr.degradation import Degradation, gaussian_2d
from dasr.evaluation.evaluate import (
    Upscaler,
    crop_to_multiple,
    degradation_label,
    degraded_image,
    to_pixels,
)
from dasr.evaluation.metrics import luma, psnr_y

CROP = 96
"""Side of a crop in HR pixels."""
MAX_IMAGES = 4
THUMBNAIL = 256
"""Longest side of the whole image beside its crop."""


def example_cell(
    grid: GridConfig, scale: int, kernel_width: float, noise_level: float
) -> tuple[Kernel, float]:
    """Return the grid's kernel and noise level nearest to the wanted ones."""

    def distance(kernel: Kernel) -> float:
        width = (kernel.lambda_1 * kernel.lambda_2) ** 0.5
        return abs(width - kernel_width)

    kernel = min(grid.at_scale(scale), key=distance)
    return kernel, min(grid.noise_levels, key=lambda level: abs(level - noise_level))


def example_crops(
    upscale: Upscaler,
    images: PackedImages,
    kernel: Kernel,
    noise_level: float,
    *,
    scale: int,
    downsample: str,
    seed: int,
    device: torch.device,
    method: str,
) -> dict[str, NDArray[np.generic]]:
    """Return arrays for an .npz file: crops of the first images at one degradation.

    Keys: `image` (n,) names, `lr` (n, c, c, 3), `sr` and `hr` (n, s, s, 3), uint8;
    `psnr_y_db` (n,) of the whole images; `whole0`, `whole1`, ... the HR images, reduced;
    `box` (n, 4), left, top, width and height of the crop as shares of the image; `kernel`
    (21, 21); `degradation`, a text.

    Raises:
        UserError: as `evaluate`.
    """
    label = degradation_label(kernel, noise_level)
    keys = ("image", "lr", "sr", "hr", "psnr_y_db", "box")
    found: dict[str, list[object]] = {key: [] for key in keys}
    wholes: dict[str, NDArray[np.uint8]] = {}
    shown = images.names[:MAX_IMAGES]
    smallest = min(min(images[number].shape[:2]) for number in range(len(shown)))
    side = min(CROP, smallest) // scale  # in LR pixels, the same for all images
    for number, name in enumerate(shown):
        hr = crop_to_multiple(images[number], scale)
        lr_image = degraded_image(
            hr, name, kernel, noise_level, scale=scale, downsample=downsample, seed=seed
        )
        truth = Degradation.of(kernel, noise_level)
        with torch.inference_mode():
            result = upscale(lr_image[None].to(device), truth)[0]
        sr = to_pixels(result, f"{method}: {images.name}/{name} at {label}")
        y, x = _busiest(hr, side * scale, scale)
        found["image"].append(name)
        found["lr"].append(
            to_pixels(lr_image, name)[
                y // scale : y // scale + side, x // scale : x // scale + side
            ]
        )
        found["sr"].append(sr[y : y + side * scale, x : x + side * scale])
        found["hr"].append(hr[y : y + side * scale, x : x + side * scale])
        found["psnr_y_db"].append(psnr_y(sr, hr, scale))
        size = side * scale
        height, width = hr.shape[:2]
        found["box"].append((x / width, y / height, size / width, size / height))
        wholes[f"whole{number}"] = _thumbnail(hr)
    arrays = {key: np.array(values) for key, values in found.items()} | wholes
    return {**arrays, "kernel": _kernel_array(kernel), "degradation": np.array(label)}


def _thumbnail(hr: Pixels) -> Pixels:
    """Return the whole image, reduced so that it fits a square of side THUMBNAIL."""
    image = Image.fromarray(np.asarray(hr))
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return np.asarray(image)


def _busiest(hr: Pixels, side: int, scale: int) -> tuple[int, int]:
    """Return the top left corner, on the LR grid, of the crop with the most detail."""
    y_plane = luma(hr)
    detail = np.hypot(*np.gradient(y_plane))
    total = np.pad(detail, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side]
    sums = (sums + total[:-side, :-side])[::scale, ::scale]
    row, column = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(row) * scale, int(column) * scale


def _kernel_array(kernel: Kernel) -> NDArray[np.float32]:
    """Return the blur kernel as an image, (21, 21); a single dot for no blur."""
    one = Degradation.of(kernel, 0.0)
    width = 1e-3  # no blur: a Gaussian so narrow that only its centre is left
    first, second = one.lambda_1.clamp(min=width), one.lambda_2.clamp(min=width)
    return gaussian_2d(first, second, one.theta)[0].numpy()

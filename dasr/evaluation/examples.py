"""Crops of test images for the eye: LR, SR and HR of the same place."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from dasr.config import Degradation
from dasr.data import PackedImages
from dasr.degradation import DOT, DegradationBatch, gaussian_2d, lr_images, to_pixels
from dasr.evaluation.evaluate import TEST_NOISE, Upscaler
from dasr.evaluation.metrics import image_quality
from dasr.evaluation.reference import luma
from dasr.pixels import Pixels, Square, busiest_squares, crop_to_multiple
from dasr.terms.metrics import RANKING

CROP = 96
"""Side of a crop in HR pixels."""
MAX_IMAGES = 4
"""The first images of a set: a figure has room for no more."""
THUMBNAIL = 256
"""Longest side of the whole image beside its crop."""


def example_crops(
    upscale: Upscaler,
    images: PackedImages,
    degradation: Degradation,
    *,
    scale: int,
    seed: int,
    device: torch.device,
    method: str,
) -> dict[str, NDArray[np.generic]]:
    """Return arrays for an .npz file: crops of the first images at one degradation.

    Keys: `image` (n,) names, `lr` (n, c, c, 3), `sr` and `hr` (n, s, s, 3), uint8;
    `psnr_y_db` (n,), the metric that methods are ranked by, of the whole images; `whole0`,
    `whole1`, ... the HR images, reduced; `box` (n, 4), left, top, width and height of the
    crop as shares of the image; `kernel` (21, 21); `degradation`, a text.

    Raises:
        UserError: as `evaluate`.
    """
    shown = images.names[:MAX_IMAGES]
    smallest = min(min(images[number].shape[:2]) for number in range(len(shown)))
    side = min(CROP, smallest) // scale  # in LR pixels, the same for all images
    truth = DegradationBatch.of([degradation])
    examples, wholes = [], {}
    for number, name in enumerate(shown):
        hr = crop_to_multiple(images[number], scale)
        lr_batch = lr_images(hr, [degradation], scale, seed, TEST_NOISE, name)
        with torch.inference_mode():
            result = upscale(lr_batch.to(device), truth)[0]
        sr = to_pixels(result, f"{method}: {images.name}/{name} at {degradation.label}")
        crops = _crops(to_pixels(lr_batch[0], name), sr, hr, side, scale)
        examples.append({"image": name, **crops})
        wholes[f"whole{number}"] = _thumbnail(hr)
    arrays = {key: np.array([one[key] for one in examples]) for key in examples[0]}
    text = np.array(degradation.label)
    return {**arrays, **wholes, "kernel": _kernel_array(truth), "degradation": text}


def _crops(
    lr_image: Pixels, sr: Pixels, hr: Pixels, side: int, scale: int
) -> dict[str, object]:
    """Return the busiest crop of an image by key, and what else there is one of an image.

    Args:
        lr_image: (h, w, 3).
        sr: (H, W, 3).
        hr: the same shape.
        side: of a crop in LR pixels.
        scale: HR pixels an LR pixel.
    """
    (square,) = busiest_squares(_detail(hr), side, scale=scale)
    return {
        "lr": square.cut(lr_image),
        "sr": square.cut(sr, scale),
        "hr": square.cut(hr, scale),
        **image_quality(sr, hr, scale, [RANKING]),
        "box": _shares(square, hr, scale),
    }


def _thumbnail(hr: Pixels) -> Pixels:
    """Return the whole image, reduced so that it fits a square of side THUMBNAIL."""
    image = Image.fromarray(np.asarray(hr))
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return np.asarray(image)


def _detail(hr: Pixels) -> NDArray[np.float64]:
    """Return the gradient of luma, what metrics look at, as a length, (H, W)."""
    return np.asarray(np.hypot(*np.gradient(luma(hr))))


def _shares(square: Square, hr: Pixels, scale: int) -> tuple[float, float, float, float]:
    """Return left, top, width and height of an LR square as shares of the whole image."""
    height, width = hr.shape[:2]
    left, top, side = (number * scale for number in (square.left, square.top, square.side))
    return left / width, top / height, side / width, side / height


def _kernel_array(one: DegradationBatch) -> NDArray[np.float32]:
    """Return the blur kernel as an image, (21, 21); a single dot for no blur."""
    first, second = (width.clamp(min=DOT) for width in (one.lambda_1, one.lambda_2))
    return gaussian_2d(first, second, one.theta)[0].numpy()

"""What becomes of a blurred image: noise, rounding, clamping, JPEG compression."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dasr.degradation.batch import DegradationBatch, FirstPassBatch

SUBSAMPLING = "4:2:0"
"""Colour at half the resolution: what Pillow, libjpeg and most cameras do by default."""


def corrupt(
    images: Tensor, one_pass: DegradationBatch | FirstPassBatch, rng: torch.Generator
) -> Tensor:
    """Return images, (B, N, C, h, w), with noise, rounded, clamped to [0, 255], compressed.

    Args:
        images: blurred and resized; C is 3 where something is compressed.
        one_pass: what to do to each of the B groups of N images.
        rng: generator of the noise, which is drawn on its device; not touched where every
            noise level is 0.
    """
    if bool((one_pass.noise_level > 0).any()):
        noise = torch.randn(
            images.shape, generator=rng, dtype=images.dtype, device=rng.device
        ).to(images.device)
        level = one_pass.noise_level.to(images, non_blocking=True)
        images = images + level[:, None, None, None, None] * noise
    images = images.round().clamp(0, 255)
    if one_pass.jpeg_quality is None:
        return images
    return _compress(images, one_pass.jpeg_quality.tolist())


def _compress(images: Tensor, qualities: Sequence[int]) -> Tensor:
    """Return images, (B, N, 3, h, w), written as JPEG and read again, on their device.

    Libjpeg works on a CPU: from a GPU, images go there and back.
    """
    pixels = images.to(torch.uint8).permute(0, 1, 3, 4, 2).cpu().numpy()
    for group, quality in zip(pixels, qualities, strict=True):
        for image in group if quality else ():
            file = BytesIO()
            settings = {"quality": quality, "subsampling": SUBSAMPLING}
            Image.fromarray(image).save(file, "JPEG", **settings)
            with Image.open(file) as compressed:
                image[:] = np.asarray(compressed)
    return torch.from_numpy(pixels).permute(0, 1, 4, 2, 3).to(images)

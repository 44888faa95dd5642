"""Images of HR pixels made into LR tensors, and tensors into images again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dasr.config import Degradation
from dasr.degradation.batch import DegradationBatch
from dasr.degradation.corruption import corrupt
from dasr.degradation.first_pass import after_first_pass, blur_and_reduce
from dasr.degradation.pipeline import blur_and_downsample, lr_size
from dasr.errors import UserError
from dasr.pixels import Pixels, crop_to_multiple
from dasr.seeds import generator

FIRST_PASS_NOISE = "first pass"
"""Within the seed of the noise of a first pass, which what comes after it shares."""


def lr_images(
    hr: Pixels, degradations: Sequence[Degradation], scale: int, *noise_seed: object
) -> Tensor:
    """Return an LR image for each degradation, (B, 3, h, w), whole numbers in [0, 255].

    The noise of each depends on its degradation and `noise_seed` alone: not on what else
    is in the batch. A first pass is made once for all its kernels, and a kernel blurs once
    for all its noise levels.

    Args:
        hr: HR image; what the scale does not divide is cut off.
        degradations: what to do to it, at least one.
        scale: reduction factor.
        noise_seed: a seed, the purpose and, where noise is to differ between images, the
            image, e.g. (0, "test noise", "baby").

    Raises:
        ValueError: an image too small for the kernel's reflect padding.
    """
    image = to_tensor(crop_to_multiple(hr, scale))[None, None]  # (1, 1, 3, H, W)
    blurred: dict[Degradation, Tensor] = {}
    passed: dict[str, list[Tensor]] = {}
    made = []
    for degradation in degradations:
        one = DegradationBatch.of([degradation])
        before_noise = replace(degradation, noise_level=0.0, jpeg_quality=None)
        if before_noise not in blurred:
            first = degradation.first_pass
            if first is None or one.first_pass is None:
                blurred[before_noise] = blur_and_downsample(image, one, scale)
            else:
                if first.label not in passed:
                    rng = generator(*noise_seed, FIRST_PASS_NOISE, first.label)
                    passed[first.label] = after_first_pass(image, one.first_pass, rng)
                size = lr_size(image, scale)
                blurred[before_noise] = blur_and_reduce(passed[first.label], one, size)
        rng = generator(*noise_seed, degradation.noise_seed)
        made.append(corrupt(blurred[before_noise], one, rng)[0, 0])
    return torch.stack(made)


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

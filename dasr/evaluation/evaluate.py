"""The quality of a method over images x degradations: tidy rows."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dasr.config import Degradation
from dasr.data import PackedImages
from dasr.degradation import DegradationBatch, enlarge, lr_images, to_grey_levels
from dasr.evaluation.metrics import measured
from dasr.evaluation.reference import Reference
from dasr.pixels import crop_to_multiple

Upscaler = Callable[[Tensor, DegradationBatch], Tensor]
"""LR images (B, 3, h, w) in [0, 255] and their true degradations -> SR (B, 3, H, W)."""

TEST_NOISE = "test noise"
"""The purpose within the seed of the noise on test images."""
CPU_PIXELS, GPU_PIXELS = 2**21, 2**23
"""HR pixels of a batch at most, unless one image has more. Features of the paper's network
take 256 bytes an HR pixel and there are about three of them: 1.6 GB and 6.4 GB at the peak.
On a CPU a batch is also the noise levels of one kernel at most: features that outgrow the
cache and the allocator's free lists cost it more than larger batches save
(docs/performance.md)."""


def bicubic(scale: int) -> Upscaler:
    """Return bicubic enlargement as a method like the others."""
    return lambda lr_image, degradation: enlarge(lr_image, scale)


def evaluate(
    upscale: Upscaler,
    images: PackedImages,
    degradations: Sequence[Degradation],
    *,
    scale: int,
    seed: int,
    device: torch.device,
    method: str,
) -> pd.DataFrame:
    """Return one row per (image, degradation).

    Columns: testset, image, those of `dasr.terms.columns.DEGRADATION`, and those of
    `dasr.terms.metrics.METRICS`. Noise depends on seed, image and degradation alone: not on
    the network, the order of evaluation, or what else is in the grid.

    Raises:
        UserError: SR holds NaN or infinite values; the line names `method` (a network's
            file, say), image and degradations.
    """
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(images.names):
        hr = crop_to_multiple(images[number], scale)
        reference = Reference(hr, scale)
        for batch in _batches(degradations, hr.shape[0] * hr.shape[1], device):
            lr_batch = lr_images(hr, batch, scale, seed, TEST_NOISE, name).to(device)
            with torch.inference_mode():
                sr = upscale(lr_batch, DegradationBatch.of(batch))
                shown = "; ".join(degradation.label for degradation in batch)
                sr = to_grey_levels(sr, f"{method}: {images.name}/{name} at {shown}").cpu()
            quality = measured(reference.compare(sr))
            rows += [
                {"testset": images.name, "image": name, **degradation.keys(), **of_image}
                for degradation, of_image in zip(batch, quality, strict=True)
            ]
    return pd.DataFrame(rows)


def _batches(
    degradations: Sequence[Degradation], pixels: int, device: torch.device
) -> Iterator[Sequence[Degradation]]:
    """Yield degradations in batches for images of so many HR pixels, in their order."""
    cpu = device.type == "cpu"
    groups: list[Sequence[Degradation]] = [degradations]
    if cpu:
        groups = [list(group) for _, group in groupby(degradations, lambda one: one.kernel)]
    most = max(1, (CPU_PIXELS if cpu else GPU_PIXELS) // pixels)
    for group in groups:
        for first in range(0, len(group), most):
            yield group[first : first + most]

"""What enlarging one image takes, all methods in turns: what the machine does beside hits all.

Shapes: LR images (1, 3, 128, 128), as the paper's running times are of.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.checkpoint import load_network
from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch
from dasr.evaluation.evaluate import Upscaler, bicubic

LR_SIDE = 128
"""Of the LR image, in pixels."""
THREADS = 1
"""On a CPU. Several wait for the slowest of them: whatever else runs on the machine would
multiply their time, and `--cores` would decide the numbers."""
WARM_UPS = 2
"""Turns before those that count: a first call builds kernels and allocates."""
REPETITIONS = 15
"""Turns that count. Odd: the median is one of them."""


def upscaler_of(network_file: Path | None, scale: int, device: torch.device) -> Upscaler:
    """Return what enlarges images on a device: a network, or bicubic enlargement for None."""
    if network_file is None:
        return bicubic(scale)
    return load_network(network_file)[0].to(device)


def sample(side: int, device: torch.device) -> tuple[Tensor, DegradationBatch]:
    """Return an LR image, (1, 3, side, side) in [0, 255], and what an oracle is told of it."""
    generator = torch.Generator().manual_seed(0)
    image = torch.randint(0, 256, (1, 3, side, side), generator=generator)
    truth = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.0))])
    return image.float().to(device), truth


def seconds_in_turns(
    upscalers: Sequence[Upscaler], device: torch.device
) -> NDArray[np.float64]:
    """Return the seconds of each call, (methods, `REPETITIONS`).

    Args:
        upscalers: each called once a turn, in their order.
        device: of the image.
    """
    image, truth = sample(LR_SIDE, device)
    turns = [
        [_seconds(upscale, image, truth) for upscale in upscalers]
        for _ in range(WARM_UPS + REPETITIONS)
    ]
    return np.array(turns[WARM_UPS:]).T


def _seconds(upscale: Upscaler, image: Tensor, truth: DegradationBatch) -> float:
    _wait_for(image.device)
    began = time.perf_counter()
    with torch.inference_mode():
        upscale(image, truth)
    _wait_for(image.device)
    return time.perf_counter() - began


def _wait_for(device: torch.device) -> None:
    """Wait for what a GPU has been given to do."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)

"""Evaluation of one photograph over the default grid: time, metrics' share, memory."""

import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import plain
from benchmarks.worker import METHODS
from dasr.architectures import Network, build_network
from dasr.config import Degradation, Kernel
from dasr.data.images import photo_files, read_image
from dasr.degradation import lr_images
from dasr.evaluation.metrics import measured
from dasr.evaluation.reference import Reference
from dasr.pixels import crop_to_multiple
from dasr.seeds import initialisation

WIDTHS, LEVELS = (0.2, 1.2, 2.4, 3.6), (0.0, 5.0, 10.0, 15.0)
PEAK = """
import sys, torch
from pathlib import Path
from benchmarks.test_evaluation import ours, photograph
torch.set_num_threads(2)
def status(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))
network, hr = photograph(sys.argv[1])
before = status("VmRSS:")
ours(network, hr, {})
print(before, status("VmHWM:"))
"""


def photograph(size: str) -> tuple[Network, np.ndarray]:
    """Return a network, "small" or "paper", and a photograph of 600x400 pixels."""
    with initialisation(0, "evaluation"):
        network = build_network(METHODS[size].model, 4).eval()
    return network, crop_to_multiple(read_image(dict(photo_files())["coffee"]), 4)


def degraded(hr: np.ndarray, width: float) -> torch.Tensor:
    """Return the LR images of a kernel at all noise levels, (4, 3, h, w)."""
    kernel = Kernel.of_width(width)
    cells = [Degradation(kernel=kernel, noise_level=level) for level in LEVELS]
    return lr_images(hr, cells, 4, 0, "test noise", "coffee")


def ours(network: Network, hr: np.ndarray, spent: dict[str, float]) -> list[float]:
    """Evaluate as dasr.evaluation does, a batch a kernel; add up the seconds of the parts."""
    began = time.perf_counter()
    reference, scores = Reference(hr, 4), []
    for width in WIDTHS:
        lr_images = degraded(hr, width)
        with torch.inference_mode():
            sr = network(lr_images).round().clamp(0, 255).to(torch.uint8)
        between = time.perf_counter()
        quality = measured(reference.compare(sr))
        spent["metrics"] = spent.get("metrics", 0.0) + time.perf_counter() - between
        scores += [score for row in quality for score in row.values()]
    spent["all"] = spent.get("all", 0.0) + time.perf_counter() - began
    return scores


def one_by_one(network: Network, hr: np.ndarray) -> list[float]:
    """The plain way: one forward an image, metrics of scikit-image."""
    lr_images = torch.cat([degraded(hr, width) for width in WIDTHS])
    return plain.evaluate(network, lr_images, hr, 4)


@pytest.mark.parametrize(("size", "rounds"), [("small", 5), ("paper", 1)])
def test_evaluation(side_by_side: Any, recorder: Any, size: str, rounds: int) -> None:
    network, hr = photograph(size)
    theirs, mine = one_by_one(network, hr), ours(network, hr, {})
    assert mine[::2] == pytest.approx(theirs[::2], abs=1e-3)
    assert mine[1::2] == pytest.approx(theirs[1::2], abs=2e-3)  # another luma unit
    spent: dict[str, float] = {}
    seconds, plain_seconds = side_by_side(
        lambda: ours(network, hr, spent), lambda: one_by_one(network, hr), rounds=rounds
    )
    share = spent["metrics"] / spent["all"]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, size], capture_output=True, text=True, check=True
    )
    before, peak = (int(value) / 1024 for value in done.stdout.split())
    recorder.add(
        f"evaluation of a 600x400 photograph at 16 degradations, {size} network",
        {
            "ours_s": round(seconds, 2),
            "plain_s": round(plain_seconds, 2),
            "ratio": round(plain_seconds / seconds, 2),
            "metrics_share": round(share, 3),
            "peak_mb": round(peak),
            "peak_mb_before": round(before),
        },
        target="PSNR and SSIM at most 0.10 of evaluation",
        met=share <= 0.10,
        reason="" if share <= 0.10 else "the network itself is small",
    )

"""Degradation of a 32x2x3x192x192 batch, x4: folded products against dense convolution."""

import math
from typing import Any

import pytest
import torch

from benchmarks import plain
from dasr.degradation import DegradationBatch, blur_and_downsample
from dasr.seeds import generator

SCALE, SIDE, BATCH = 4, 192, 32
TARGETS = {"isotropic": 10.0, "anisotropic": 3.0}


@pytest.mark.parametrize("blur", list(TARGETS))
def test_degradation(side_by_side: Any, recorder: Any, blur: str) -> None:
    rng = generator(0, "degradation")
    hr = torch.randint(0, 256, (BATCH, 2, 3, SIDE, SIDE), generator=rng).float()
    first = 0.2 + 3.8 * torch.rand(BATCH, generator=rng)
    second = 0.2 + 3.8 * torch.rand(BATCH, generator=rng) if blur == "anisotropic" else first
    theta = math.pi * torch.rand(BATCH, generator=rng)
    degradation = DegradationBatch(first, second, theta, torch.zeros(BATCH))

    def ours() -> torch.Tensor:
        return blur_and_downsample(hr, degradation, SCALE).round().clamp(0, 255)

    def dense() -> torch.Tensor:
        return plain.blur_and_downsample(hr, degradation, SCALE).round().clamp(0, 255)

    difference = (ours() - dense()).abs()
    off = float((difference > 0).float().mean())
    assert difference.max() <= 1
    assert off <= 1e-4
    seconds, plain_seconds = side_by_side(ours, dense, rounds=5)
    # the direct algorithm's operations: 21x21 taps a pixel of the HR image
    gflop = 2 * hr.numel() * 21 * 21 / 1e9
    ratio = plain_seconds / seconds
    recorder.add(
        f"degradation, {blur}",
        {
            "ours_ms": round(seconds * 1e3, 1),
            "plain_ms": round(plain_seconds * 1e3, 1),
            "ratio": round(ratio, 1),
            "plain_gflop_s": round(gflop / plain_seconds),
            "off_by_one_percent": round(100 * off, 4),
        },
        target=f"at least {TARGETS[blur]:g}x plain, one level off on at most 0.01 %",
        met=ratio >= TARGETS[blur],
    )

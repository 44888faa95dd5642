"""Training steps: paper-size network and the default study's small one."""

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch

from benchmarks.conftest import THREADS
from benchmarks.worker import METHODS
from dasr.architectures import build_network, count_flops
from dasr.architectures.cost import COST_PATCH

KEEPS_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**34)}
"""As workflow/rules/common.smk gives to jobs."""
RETURNS_MEMORY: dict[str, str] = {}
Step = Callable[[], tuple[float, float]]


def step_gflop(network: str) -> float:
    """Return what a step computes: forward, twice that backward, and the key encoder.

    By the layers' definition; 8 images, two patches of each for the encoders.
    """
    model, patch = METHODS[network].model, METHODS[network].training.patch_size
    whole = count_flops(build_network(model, 4))
    f, side = model.encoder_features, COST_PATCH
    encoder = 2 * 9 * side**2 * (3 * f + f * f + (2 * f * f + 4 * f * f) / 4)
    encoder += 2 * 9 * side**2 * (8 * f * f + 16 * f * f) / 16
    return 8 * (3 * whole + encoder) * (patch / COST_PATCH) ** 2 / 1e9


def take_turns(first: Step, second: Step, rounds: int) -> tuple[float, float, float, float]:
    """Return median seconds of both, and their losses at the first step."""
    losses = first()[1], second()[1]  # the first step is also the one that warms up
    first(), second()
    times = [(first()[0], second()[0]) for _ in range(rounds)]
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    return medians[0], medians[1], *losses


def case(network: str, *, plain: bool, loop: bool, **more: Any) -> dict[str, Any]:
    """Return a worker's case."""
    standard = {"precision": "float32", "threads": THREADS}
    return {**standard, "network": network, "plain": plain, "loop": loop, **more}


def test_paper_size_float32(workers: Any, recorder: Any) -> None:
    ours = workers(case("paper", plain=False, loop=False), KEEPS_MEMORY)
    plain = workers(case("paper", plain=True, loop=False), RETURNS_MEMORY)
    seconds, plain_seconds, loss, plain_loss = take_turns(ours, plain, 7)
    assert loss == pytest.approx(plain_loss, rel=1e-4)
    gflop_s = step_gflop("paper") / seconds
    share = gflop_s / recorder.ceilings["convolution float32"]
    recorder.add(
        "training step, paper size, 8 pairs of 48x48, float32",
        {
            "ours_s": round(seconds, 3),
            "plain_s": round(plain_seconds, 3),
            "ratio": round(plain_seconds / seconds, 2),
            "gflop_s": round(gflop_s),
            "share_of_convolution_ceiling": round(share, 2),
        },
        target="no slower than plain, at least 0.85 of the convolution ceiling",
        met=seconds <= plain_seconds and share >= 0.85,
        reason="" if share >= 0.85 else "traffic between layers, see docs/performance.md",
    )


def test_paper_size_bf16(workers: Any, recorder: Any) -> None:
    rough = workers(case("paper", plain=False, loop=False, precision="bf16"), KEEPS_MEMORY)
    exact = workers(case("paper", plain=False, loop=False), KEEPS_MEMORY)
    seconds, exact_seconds, loss, exact_loss = take_turns(rough, exact, 5)
    assert loss == pytest.approx(exact_loss, rel=0.02)
    ratio = exact_seconds / seconds
    ceilings = recorder.ceilings
    has_units = ceilings["convolution bf16"] > 1.5 * ceilings["convolution float32"]
    recorder.add(
        "training step, paper size, bf16 against float32, both ours",
        {
            "bf16_s": round(seconds, 3),
            "float32_s": round(exact_seconds, 3),
            "ratio": round(ratio, 2),
            "gflop_s": round(step_gflop("paper") / seconds),
        },
        target="at least 1.5x where the processor has bf16 units",
        met=ratio >= 1.5 if has_units else None,
        reason="" if has_units else "not measured: this processor has no bf16 units",
    )


def test_small_network_whole_loop(workers: Any, recorder: Any) -> None:
    ours = workers(case("small", plain=False, loop=True), KEEPS_MEMORY)
    plain = workers(case("small", plain=True, loop=True, decode=True), RETURNS_MEMORY)
    seconds, plain_seconds, loss, plain_loss = take_turns(ours, plain, 60)
    assert loss == pytest.approx(plain_loss, rel=1e-3)
    packed = workers(case("small", plain=True, loop=True), RETURNS_MEMORY)
    again, packed_seconds, _, _ = take_turns(ours, packed, 40)
    ratio = plain_seconds / seconds
    recorder.add(
        "whole loop, small network, data and degradation included",
        {
            "ours_ms": round(seconds * 1e3, 1),
            "plain_ms": round(plain_seconds * 1e3, 1),
            "ratio": round(ratio, 2),
            "ratio_to_plain_without_decoding": round(packed_seconds / again, 2),
            "gflop_s": round(step_gflop("small") / seconds),
        },
        target="at least 2x plain, which decodes PNG files",
        met=ratio >= 2,
        reason="" if ratio >= 2 else "most of both loops is the same convolutions",
    )


def test_on_a_gpu(workers: Any, recorder: Any) -> None:
    target = "at least 5x the images/s of plain eager float32 on the same card"
    name = "training step, paper size, GPU: bf16 and compiled against plain"
    if not torch.cuda.is_available():
        recorder.add(name, {}, target=target, reason="not measured: no CUDA device")
        pytest.skip("no CUDA device")
    fast = {"precision": "bf16", "compile": True, "device": "cuda"}
    ours = workers(case("paper", plain=False, loop=True, **fast), KEEPS_MEMORY)
    plain = workers(case("paper", plain=True, loop=True, device="cuda"), RETURNS_MEMORY)
    seconds, plain_seconds, _, _ = take_turns(ours, plain, 50)
    recorder.add(
        name,
        {
            "ours_images_s": round(8 / seconds),
            "plain_images_s": round(8 / plain_seconds),
            "ratio": round(plain_seconds / seconds, 2),
        },
        target=target,
        met=plain_seconds >= 5 * seconds,
    )

"""The rows of an evaluation."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from dasr.config import Degradation, DegradationConfig, GridConfig, Kernel, RegimeConfig
from dasr.data import PackedImages
from dasr.degradation import DegradationBatch, enlarge, lr_images
from dasr.errors import UserError
from dasr.evaluation.evaluate import GPU_PIXELS, Upscaler, _batches, bicubic, evaluate
from dasr.evaluation.metrics import image_quality
from dasr.terms.columns import DEGRADATION
from dasr.terms.metrics import METRICS
from tests.tiny import images, packed

GRID = RegimeConfig(
    name="small",
    train=DegradationConfig(kernel_width={2: (0.2, 2.0)}),
    test=GridConfig(
        kernel_widths={2: (0.0, 1.2)}, kernels=((2.0, 1.0, 10.0),), noise_levels=(0.0, 10.0)
    ),
).test_degradations(2)
WIDTH = Kernel.of_width(1.2)
KEYS = ["image", "kernel", "noise_level"]


def _evaluate(
    set3: PackedImages,
    grid: Sequence[Degradation] = GRID,
    upscale: Upscaler | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    return evaluate(
        upscale or bicubic(2),
        set3,
        grid,
        scale=2,
        seed=seed,
        device=torch.device("cpu"),
        method="x2.safetensors",
    )


@pytest.fixture
def set3(tmp_path: Path) -> PackedImages:
    """Three images of odd sizes."""
    return packed(tmp_path, images(3, 31, 35), "Set3")


def test_rows_are_tidy_and_complete(set3: PackedImages) -> None:
    rows = _evaluate(set3)
    metrics = [metric.column for metric in METRICS]
    assert rows.columns.tolist() == ["testset", "image", *DEGRADATION, *metrics]
    expected = {
        (f"image{number}", kernel, level)
        for number in range(3)
        for kernel in ("0", "1.2", "2,1,10deg")
        for level in (0.0, 10.0)
    }
    assert len(rows) == len(expected)
    assert set(rows[KEYS].itertuples(index=False, name=None)) == expected
    assert set(rows["testset"]) == {"Set3"}
    widths = rows.groupby("kernel")["kernel_width"].first()
    assert widths["1.2"] == 1.2
    assert np.isnan(widths["2,1,10deg"])
    turned = rows[rows["kernel"] == "2,1,10deg"].iloc[0]
    assert (turned["lambda_1"], turned["lambda_2"], turned["theta_deg"]) == (2.0, 1.0, 10.0)


def test_bicubic_is_a_method_like_the_others(set3: PackedImages) -> None:
    rows = _evaluate(set3).set_index(KEYS)
    hr = set3[1][:30, :34]
    cell = Degradation(kernel=WIDTH, noise_level=10.0)
    sr = enlarge(lr_images(hr, [cell], 2, 0, "test noise", "image1"), 2)[0]
    pixels = np.clip(np.round(sr.permute(1, 2, 0).numpy()), 0, 255).astype(np.uint8)
    row = rows.loc[("image1", "1.2", 10.0)]
    for column, value in image_quality(pixels, hr, 2).items():
        assert row[column] == pytest.approx(value, abs=1e-9)


def test_noise_depends_on_nothing_but_its_own_cell(tmp_path: Path) -> None:
    named = images(3, 31, 35)
    forward = _evaluate(packed(tmp_path, named, "a"))
    backward = _evaluate(packed(tmp_path, dict(reversed(named.items())), "b"))
    alone = _evaluate(
        packed(tmp_path, {"image2": named["image2"]}, "c"),
        [Degradation(kernel=WIDTH, noise_level=10.0)],
    )
    values = [frame.set_index(KEYS)["psnr_y_db"] for frame in (forward, backward, alone)]
    pd.testing.assert_series_equal(values[0].sort_index(), values[1].sort_index())
    cell = ("image2", "1.2", 10.0)
    assert values[2].loc[cell] == values[0].loc[cell]


def test_method_is_told_the_true_degradations(set3: PackedImages) -> None:
    seen: list[tuple[Any, ...]] = []

    def upscale(lr_batch: Tensor, truth: DegradationBatch) -> Tensor:
        numbers = (truth.lambda_1, truth.lambda_2, truth.theta, truth.noise_level)
        seen.append((tuple(lr_batch.shape), *(tensor.tolist() for tensor in numbers)))
        return enlarge(lr_batch, 2)

    _evaluate(set3, upscale=upscale)
    shape, first, second, theta, level = seen[2]
    assert shape == (2, 3, 15, 17)
    assert (first, second, level) == ([2.0, 2.0], [1.0, 1.0], [0.0, 10.0])
    assert theta == pytest.approx([0.17453293] * 2)


@pytest.mark.parametrize(("pixels", "sizes"), [(1, [1] * 6), (2 * 30 * 34, [2, 2, 2])])
def test_rows_do_not_depend_on_the_batches(
    set3: PackedImages, monkeypatch: pytest.MonkeyPatch, pixels: int, sizes: list[int]
) -> None:
    whole, seen = _evaluate(set3), []

    def upscale(lr_batch: Tensor, truth: DegradationBatch) -> Tensor:
        seen.append(len(lr_batch))
        return enlarge(lr_batch, 2)

    module = importlib.import_module("dasr.evaluation.evaluate")
    monkeypatch.setattr(module, "CPU_PIXELS", pixels)
    pd.testing.assert_frame_equal(_evaluate(set3, upscale=upscale), whole)
    assert seen == 3 * sizes


def test_a_gpu_gets_the_kernels_of_an_image_together() -> None:
    pixels = GPU_PIXELS // 4  # four images fill a batch
    found = list(_batches(GRID, pixels, torch.device("cuda")))
    assert [len(batch) for batch in found] == [4, 2]
    assert found[0][3] == Degradation(kernel=WIDTH, noise_level=10.0)
    together = [len(batch) for batch in _batches(GRID, pixels, torch.device("cpu"))]
    assert together == [1] * 6  # an image of that size fills a batch on a CPU


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_result_that_is_not_finite_gets_no_score(set3: PackedImages, value: float) -> None:
    """NaN becomes grey level 0, so that a broken network would score 8 dB."""

    def upscale(lr_batch: Tensor, degradation: DegradationBatch) -> Tensor:
        sr = bicubic(2)(lr_batch, degradation)
        sr[-1, 0, 3, 4] = value
        return sr

    told = r"^x2\.safetensors: Set3/image0 at width 0, noise 0; .*NaN or infinite"
    with pytest.raises(UserError, match=told):
        _evaluate(set3, upscale=upscale)

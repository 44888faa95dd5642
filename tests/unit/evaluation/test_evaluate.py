"""Test images and the rows of an evaluation."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from dasr.config import GridConfig, Kernel
from dasr.data import PackedImages
from dasr.degradation import Degradation, enlarge
from dasr.errors import UserError
from dasr.evaluation.evaluate import (
    GPU_PIXELS,
    Upscaler,
    _batches,
    bicubic,
    crop_to_multiple,
    evaluate,
    to_pixels,
    to_tensor,
)
from dasr.evaluation.evaluate import degraded_image as degraded  # not for pytest to collect
from dasr.evaluation.metrics import psnr_y, ssim_y
from tests.tiny import images, packed

GRID = GridConfig(
    kernel_widths={2: (0.0, 1.2)}, kernels=((2.0, 1.0, 10.0),), noise_levels=(0.0, 10.0)
)
KEYS = ["image", "kernel", "noise_level"]


def _evaluate(
    set3: PackedImages,
    grid: GridConfig = GRID,
    upscale: Upscaler | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    return evaluate(
        upscale or bicubic(2),
        set3,
        grid,
        scale=2,
        downsample="bicubic",
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
    assert rows.columns.tolist() == [
        "testset", "image", "kernel", "kernel_width", "lambda_1", "lambda_2",
        "theta_deg", "noise_level", "psnr_y_db", "ssim_y",
    ]  # fmt: skip
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
    options: dict[str, Any] = {"scale": 2, "downsample": "bicubic", "seed": 0}
    lr_image = degraded(hr, "image1", Kernel(lambda_1=1.2, lambda_2=1.2), 10.0, **options)
    sr = enlarge(lr_image, 2).permute(1, 2, 0).numpy()
    sr = np.clip(np.round(sr), 0, 255).astype(np.uint8)
    row = rows.loc[("image1", "1.2", 10.0)]
    assert row["psnr_y_db"] == pytest.approx(psnr_y(sr, hr, 2), abs=1e-9)
    assert row["ssim_y"] == pytest.approx(ssim_y(sr, hr, 2), abs=1e-9)


def test_noise_depends_on_nothing_but_its_own_cell(tmp_path: Path) -> None:
    named = images(3, 31, 35)
    forward = _evaluate(packed(tmp_path, named, "a"))
    backward = _evaluate(packed(tmp_path, dict(reversed(named.items())), "b"))
    alone = _evaluate(
        packed(tmp_path, {"image2": named["image2"]}, "c"),
        GridConfig(kernel_widths={2: (1.2,)}, noise_levels=(10.0,)),
    )
    values = [frame.set_index(KEYS)["psnr_y_db"] for frame in (forward, backward, alone)]
    pd.testing.assert_series_equal(values[0].sort_index(), values[1].sort_index())
    cell = ("image2", "1.2", 10.0)
    assert values[2].loc[cell] == values[0].loc[cell]


def test_noise_differs_between_images_kernels_levels_and_seeds() -> None:
    hr = np.full((64, 64, 3), 128, np.uint8)

    def noise(
        image: str = "a", width: float = 1.0, level: float = 10.0, seed: int = 0
    ) -> Tensor:
        kernel = Kernel(lambda_1=width, lambda_2=width)
        options: dict[str, Any] = {"scale": 2, "downsample": "bicubic", "seed": seed}
        return degraded(hr, image, kernel, level, **options) - 128

    base = noise()
    assert torch.equal(base, noise())
    for other in (noise(image="b"), noise(width=2.0), noise(level=11.0), noise(seed=1)):
        correlation = torch.corrcoef(torch.stack([base.flatten(), other.flatten()]))[0, 1]
        assert abs(correlation.item()) < 0.1  # 3072 samples: over five standard errors


def test_method_is_told_the_true_degradations(set3: PackedImages) -> None:
    seen: list[tuple[Any, ...]] = []

    def upscale(lr_images: Tensor, truth: Degradation) -> Tensor:
        numbers = (truth.lambda_1, truth.lambda_2, truth.theta, truth.noise_level)
        seen.append((tuple(lr_images.shape), *(tensor.tolist() for tensor in numbers)))
        return enlarge(lr_images, 2)

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

    def upscale(lr_images: Tensor, truth: Degradation) -> Tensor:
        seen.append(len(lr_images))
        return enlarge(lr_images, 2)

    module = importlib.import_module("dasr.evaluation.evaluate")
    monkeypatch.setattr(module, "CPU_PIXELS", pixels)
    pd.testing.assert_frame_equal(_evaluate(set3, upscale=upscale), whole)
    assert seen == 3 * sizes


def test_a_gpu_gets_the_kernels_of_an_image_together() -> None:
    pixels = GPU_PIXELS // 4  # four images fill a batch
    found = list(_batches(GRID, 2, pixels, torch.device("cuda")))
    assert [len(cells) for cells in found] == [4, 2]
    assert found[0][3] == (Kernel(lambda_1=1.2, lambda_2=1.2), 10.0)
    together = [len(cells) for cells in _batches(GRID, 2, pixels, torch.device("cpu"))]
    assert together == [1] * 6  # an image of that size fills a batch on a CPU


def test_crop_to_multiple_drops_the_last_rows_and_columns() -> None:
    image = np.arange(7 * 9 * 3).reshape(7, 9, 3).astype(np.uint8)
    cropped = crop_to_multiple(image, 4)
    assert np.array_equal(cropped, image[:4, :8])


def test_pixels_are_rounded_and_clamped() -> None:
    values = torch.tensor([-3.0, 0.4, 0.6, 254.6, 300.0, 99.5]).view(1, 2, 3).expand(3, 2, 3)
    assert to_pixels(values, "a")[:, :, 0].tolist() == [[0, 0, 1], [255, 255, 100]]
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert np.array_equal(to_pixels(to_tensor(pixels), "a"), pixels)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_result_that_is_not_finite_gets_no_score(set3: PackedImages, value: float) -> None:
    """NaN becomes grey level 0, so that a broken network would score 8 dB."""

    def upscale(lr_images: torch.Tensor, degradation: Degradation) -> torch.Tensor:
        sr = bicubic(2)(lr_images, degradation)
        sr[-1, 0, 3, 4] = value
        return sr

    told = r"^x2\.safetensors: Set3/image0 at width 0, noise 0; .*NaN or infinite"
    with pytest.raises(UserError, match=told):
        _evaluate(set3, upscale=upscale)

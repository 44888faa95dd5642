"""Crops for the eye: the same place in LR, SR and HR."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dasr.config import Degradation, Kernel
from dasr.degradation import enlarge
from dasr.evaluation.evaluate import bicubic
from dasr.evaluation.examples import CROP, MAX_IMAGES, example_crops
from dasr.evaluation.metrics import image_quality
from tests.tiny import images, packed


def _crops(folder: Path, named: dict[str, np.ndarray], kernel: Kernel) -> dict[str, np.ndarray]:
    return example_crops(
        bicubic(2),
        packed(folder, named),
        Degradation(kernel=kernel),
        scale=2,
        seed=0,
        device=torch.device("cpu"),
        method="x2.safetensors",
    )


def test_crops_show_the_busiest_place_of_whole_images(tmp_path: Path) -> None:
    named = images(MAX_IMAGES + 1, 140, 130)
    for array in named.values():
        array[:40], array[:, :30] = 128, 128  # detail is at the bottom right
    found = _crops(tmp_path, named, Kernel(lambda_1=1.2, lambda_2=1.2))
    assert found["image"].tolist() == list(named)[:MAX_IMAGES]
    assert found["lr"].shape == (MAX_IMAGES, CROP // 2, CROP // 2, 3)
    assert found["sr"].shape == found["hr"].shape == (MAX_IMAGES, CROP, CROP, 3)
    # the only crop without a flat pixel begins between (40, 30) and (44, 34)
    first = named["image0"]
    places = [
        (y, x)
        for y in range(40, 45, 2)
        for x in range(30, 35, 2)
        if np.array_equal(found["hr"][0], first[y : y + CROP, x : x + CROP])
    ]
    assert len(places) == 1
    lr_image = torch.from_numpy(found["lr"][0]).permute(2, 0, 1).float()
    inner = enlarge(lr_image, 2).round().clamp(0, 255).permute(1, 2, 0).numpy()
    assert np.array_equal(found["sr"][0][8:-8, 8:-8], inner[8:-8, 8:-8])


def test_psnr_is_of_the_whole_image(tmp_path: Path) -> None:
    small = images(1, 40, 36)
    found = _crops(tmp_path, small, Kernel(lambda_1=1.2, lambda_2=1.2))
    assert found["hr"].shape == (1, 36, 36, 3)
    large = images(1, 140, 130)
    found = _crops(tmp_path, large, Kernel(lambda_1=1.2, lambda_2=1.2))
    cropped = image_quality(found["sr"][0], found["hr"][0], 2)["psnr_y_db"]
    assert found["psnr_y_db"][0] != cropped
    assert found["psnr_y_db"][0] == pytest.approx(cropped, abs=0.5)


def test_kernel_is_shown_as_an_image(tmp_path: Path) -> None:
    found = _crops(tmp_path, images(1, 40, 36), Kernel(lambda_1=0.0, lambda_2=0.0))
    assert found["kernel"].shape == (21, 21)
    assert found["kernel"][10, 10] == found["kernel"].sum() == 1.0


def test_box_says_where_the_crop_lies_in_the_whole_image(tmp_path: Path) -> None:
    wide = np.full((300, 600, 3), 100, np.uint8)
    wide[120:160, 400:440] = images(1, 40, 40)["image0"]
    found = _crops(tmp_path, {"wide": wide}, Kernel(lambda_1=1.2, lambda_2=1.2))
    assert found["whole0"].shape == (128, 256, 3)
    left, top, width, height = found["box"][0]
    assert (width * 600, height * 300) == pytest.approx((CROP, CROP))
    x, y = round(left * 600), round(top * 300)
    assert np.array_equal(found["hr"][0], wide[y : y + CROP, x : x + CROP])
    assert x <= 400 <= 440 <= x + CROP
    assert y <= 120 <= 160 <= y + CROP

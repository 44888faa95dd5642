"""Image sets that a study cannot be run on."""

import logging
from pathlib import Path

import numpy as np
import pytest

from dasr.config import Degradation, Kernel
from dasr.config.complaints import ImageDemands
from dasr.data.check import check_sets, is_flat
from dasr.degradation import enlarge, lr_images, to_pixels
from dasr.errors import UserError
from dasr.evaluation.metrics import image_quality
from dasr.pixels import crop_to_multiple
from tests.sets import picture
from tests.tiny import packed, sets

NO_SETS: dict[str, dict[str, str]] = {"train": {}, "validation": {}, "test": {}}
DEMANDS = ImageDemands(
    scales=(2, 3), patches={"T": {2: 32}}, classes={2: 2}, crop_size=16, crops_per_image=4,
    perplexity=5.0,
)  # fmt: skip


def _framed(side: int, border: int) -> np.ndarray:
    """Return an image of one colour inside a border of noise."""
    image = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    image[border : side - border, border : side - border] = (10, 200, 90)
    return image


def _bicubic_psnr(hr: np.ndarray, scale: int) -> float:
    unblurred = Degradation(kernel=Kernel.of_width(0.0))
    sr = to_pixels(enlarge(lr_images(hr, [unblurred], scale, 0), scale)[0], "a")
    return image_quality(sr, crop_to_multiple(hr, scale), scale)["psnr_y_db"]


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_flat_image_is_what_bicubic_reproduces(scale: int) -> None:
    flat = np.full((41, 50, 3), 77, np.uint8)
    assert is_flat(flat, scale)
    assert np.isinf(_bicubic_psnr(flat, scale))
    dot = flat.copy()
    dot[20, 20, 1] = 90
    assert not is_flat(dot, scale)
    assert np.isfinite(_bicubic_psnr(dot, scale))
    assert not is_flat(picture(41, 50, 1), scale)


def test_the_border_that_metrics_leave_out_is_no_detail() -> None:
    image = _framed(48, 3)
    assert [is_flat(image, scale) for scale in (2, 3, 4)] == [False, True, True]
    odd = np.zeros((47, 48, 3), np.uint8)  # at x2 the last row is cut off, then two a border
    odd[44, 20] = 255
    assert is_flat(odd, 2)
    odd[43, 20] = 255
    assert not is_flat(odd, 2)
    assert not is_flat(np.zeros((4, 4, 3), np.uint8), 2)  # nothing is left: too small


def test_a_flat_test_image_is_refused_by_name(tmp_path: Path) -> None:
    train = packed(tmp_path, {"f": np.full((64, 64, 3), 5, np.uint8)}, "Train")
    test = packed(tmp_path, {"a": picture(64, 64, 1), "b": _framed(64, 3)}, "Mine")
    with pytest.raises(UserError) as error:
        check_sets(sets(train, test), DEMANDS, NO_SETS, tmp_path)
    assert str(error.value) == (
        "test image Mine/b has no detail: one colour inside the border that PSNR leaves out at "
        "x3, so that PSNR is infinite"
    )


def test_all_that_is_wrong_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    train = packed(tmp_path, {"small": picture(31, 64, 1), "taken": picture(64, 64, 2)}, "T")
    images = {"short": picture(64, 30, 3), "same": picture(64, 64, 2)}
    test = packed(tmp_path, {**images, "grey": np.full((64, 64, 3), 9, np.uint8)}, "Mine")
    with caplog.at_level(logging.INFO), pytest.raises(UserError) as error:
        check_sets(sets(train, test), DEMANDS, NO_SETS, tmp_path)
    told = "training image T/small is 64x31: training.patch_size needs 32 HR pixels a side"
    assert str(error.value) == f"{told} at x2 (and 3 more, all in the log)"
    assert [record.message.split(" ", 3)[2] for record in caplog.records] == [
        "T/small",
        "Mine/short",
        "Mine/grey",
        "Mine/same",
    ]


def test_sizes_of_the_field_and_of_the_study_are_both_said(tmp_path: Path) -> None:
    folders = {"train": {"DF2K": "DF2K/HR"}, "validation": {}, "test": {}}
    train = packed(tmp_path, {"0001": picture(60, 80, 1)}, "DF2K")
    test = packed(tmp_path, {"a": picture(20, 80, 3), "b": picture(64, 64, 4)}, "Mine")
    with pytest.raises(UserError, match=r"/DF2K/HR/0001: is 80x60; .* \(and 1 more"):
        check_sets(sets(train, test), DEMANDS, folders, tmp_path)

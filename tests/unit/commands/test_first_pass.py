"""`dasr degrade` with a first pass."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dasr.config import Degradation, Kernel
from dasr.config.first_pass import FirstPass
from dasr.degradation import lr_images, to_pixels
from tests.unit.commands.conftest import Outcome, pixels_of

Run = Callable[..., Outcome]


def test_degrade_makes_a_first_pass(dasr: Run, photo: Path, tmp_path: Path) -> None:
    settings = ["degrade", "--scale", 2, "--kernel-width", 1.2, photo, "--out"]
    first = ["--first-kernel", 2, 0.5, 30, "--first-resize", 0.6, "--first-noise-level", 5]
    made = {}
    for name, options in {
        "plain": [],
        "nothing": ["--first-resize", 1],
        "passed": first,
    }.items():
        assert dasr(*settings, tmp_path / f"{name}.png", *options).code == 0
        made[name] = pixels_of(tmp_path / f"{name}.png")
    assert np.array_equal(made["plain"], made["nothing"])
    assert made["plain"].shape == made["passed"].shape
    degradation = Degradation(
        kernel=Kernel.of_width(1.2),
        first_pass=FirstPass(kernel=(2.0, 0.5, 30.0), resize=0.6, noise_level=5.0),
    )
    (expected,) = lr_images(pixels_of(photo), [degradation], 2, 0, "degrade")
    assert np.array_equal(made["passed"], to_pixels(expected, ""))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--first-resize", "3"], "first pass: resize: 3 must be .* at most 2"),
        (["--first-jpeg-quality", "0"], "first pass: jpeg_quality: 0 must be at least 1"),
        (["--first-kernel-width", "nan"], "first pass: kernel_width: nan"),
        (["--first-kernel", "1", "1", "0", "--first-kernel-width", "1"], "has one blur"),
        (
            ["--first-resize", "0.5", "--downsample", "s-fold"],
            "resize with .*s-fold",
        ),
        (["--first-resize", "0.1"], "image of .* pixels is too small"),
    ],
)
def test_degrade_refuses_a_first_pass_in_one_line(
    dasr: Run, photo: Path, tmp_path: Path, options: list[str], told: str
) -> None:
    done = dasr("degrade", "--scale", 2, photo, "--out", tmp_path / "out.png", *options)
    assert done.code == 2
    assert re.search(told, done.err)
    assert len(done.err.strip().splitlines()) == 1

"""Every command with each kind of bad argument: one line, code 2, nothing written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.commands.conftest import Outcome

Run = Callable[..., Outcome]

READS = {
    "upscale": ["upscale", "--model={model}", "{bad}", "--out={out}"],
    "upscale's model": ["upscale", "--model={bad}", "{photo}", "--out={out}"],
    "degrade": ["degrade", "--scale=2", "{bad}", "--out={out}"],
    "score's SR": ["score", "{bad}", "{photo}", "--scale=2"],
    "score's HR": ["score", "{photo}", "{bad}", "--scale=2"],
    "import-checkpoint": ["import-checkpoint", "{bad}", "{out}.safetensors"],
    "info": ["info", "{bad}"],
    "sheet": ["sheet", "{model}", "{bad}", "--out={out}"],
    "sheet's model": ["sheet", "{bad}", "{photo}", "--out={out}"],
    "report": ["report", "{bad}", "--out={out}"],
    "verify": ["verify", "{bad}"],
    "numbers": ["numbers", "{bad}"],
    "numbers's check": ["numbers", "--check", "{bad}"],
}
"""Calls that read the file {bad}."""
NO_FILES = ("missing", "pipe", "device", "link to nothing", "link to itself", "below a file",
            "empty", "NUL", "long", "long path", "not UTF-8")  # fmt: skip


def _no_file(kind: str, folder: Path) -> str:
    """Return a path that no command can read; None of these is ever opened."""
    path = folder / "odd.png"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind.startswith("link"):
        path.symlink_to(path if kind == "link to itself" else folder / "nowhere.png")
    others = {
        "device": "/dev/zero",
        "below a file": str(folder / "photo.png" / "x.png"),
        "empty": "",
        "NUL": str(folder / "a\0b.png"),
        "long": str(folder / ("x" * 300 + ".png")),
        "long path": str(folder / ("y/" * 3000 + "z.png")),
        "not UTF-8": os.fsdecode(os.fsencode(folder) + b"/\xff.png"),
    }
    return others.get(kind, str(path))


def _one_line(done: Outcome) -> None:
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("error: "), done.err
    assert done.err.count("\n") == 1, done.err


@pytest.mark.parametrize("kind", NO_FILES)
def test_what_cannot_be_read(
    dasr: Run, model: Path, photo: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "out.png"
    bad = _no_file(kind, tmp_path)
    before = sorted(tmp_path.iterdir())
    for call in READS.values():
        names = {"bad": bad, "model": model, "photo": photo, "out": out}
        _one_line(dasr(*(word.format(**names) for word in call)))
    assert sorted(tmp_path.iterdir()) == before


WRITES = {
    "upscale": ["upscale", "--model={model}", "{photo}", "--out={bad}"],
    "degrade": ["degrade", "--scale=2", "{photo}", "--out={bad}"],
    "sheet": ["sheet", "{model}", "{photo}", "--out={bad}"],
    "import-checkpoint": ["import-checkpoint", "{photo}", "{bad}"],
    "data": ["data", "Set5", "--data-root={bad}"],
}
"""Calls that write to {bad}."""
NO_PLACES = ("/proc/x/y.png", "/dev/full/y.png", "{photo}/y.png", "{photo}", "a\0b.png", "",
             "x" * 300 + ".png", "y/" * 3000 + "z.png")  # fmt: skip


@pytest.mark.parametrize("place", NO_PLACES)
def test_where_nothing_can_be_written(
    dasr: Run, model: Path, photo: Path, tmp_path: Path, place: str
) -> None:
    before = sorted(tmp_path.iterdir()), photo.read_bytes()
    bad = place.format(photo=photo)
    for call in WRITES.values():
        names = {"bad": bad, "model": model, "photo": photo}
        _one_line(dasr(*(word.format(**names) for word in call)))
    assert (sorted(tmp_path.iterdir()), photo.read_bytes()) == before


NAN = ("nan", "inf", "-inf", "1e308", "1e400", "-1", "abc", "", "9" * 5000)
"""What neither a width nor a noise level can be."""
WHOLE = ("nan", "1e3", "2.0", "abc", "", "9" * 5000)
"""What is no whole number."""
DEGRADE = ["degrade", "{photo}", "--out={out}", "--scale=2"]
SHEET = ["sheet", "{model}", "{photo}", "--out={out}"]
UPSCALE = ["upscale", "--model={model}", "{photo}", "--out={out}"]
VALUES = {
    "width": ([*DEGRADE, "--kernel-width={}"], (*NAN, "5.1", "8")),
    "lambda_1": ([*DEGRADE, "--kernel", "{}", "1", "0"], (*NAN, "0", "8")),
    "lambda_2": ([*DEGRADE, "--kernel", "2", "{}", "0"], (*NAN, "0", "8")),
    "theta": ([*DEGRADE, "--kernel", "2", "1", "{}"], (*(set(NAN) - {"-1"}), "361")),
    "noise level": ([*DEGRADE, "--noise-level={}"], (*NAN, "128", "999")),
    "jpeg quality": ([*DEGRADE, "--jpeg-quality={}"], (*NAN, "0", "60.5", "96", "100")),
    "downsample": ([*DEGRADE, "--downsample={}"], ("nearest", "")),
    "seed": ([*DEGRADE, "--seed={}"], WHOLE),
    "degrade's scale": ([*DEGRADE, "--scale={}"], (*WHOLE, "1", "5", "-2", "1" * 30)),
    "score's scale": (["score", "{photo}", "{photo}", "--scale={}"], (*WHOLE, "0", "-2")),
    "upscale's scale": ([*UPSCALE, "--scale={}"], (*WHOLE, "3", "-2")),
    "tile": ([*UPSCALE, "--tile={}"], (*WHOLE, "0", "-1")),
    "device": ([*UPSCALE, "--device={}"], ("tpu", "")),
    "boxes": ([*SHEET, "--boxes={}"], (*WHOLE, "0", "5", "-1")),
    "crop": ([*SHEET, "--crop={}"], (*WHOLE, "0", "-1")),
    "sheet's tile": ([*SHEET, "--tile={}"], (*WHOLE, "0", "-1")),
    "set": (["data", "--data-root={out}", "{}"], ("Set15", "", "../Set5", "a\0b")),
}


@pytest.mark.parametrize("option", VALUES)
def test_values_out_of_range(
    dasr: Run, model: Path, photo: Path, tmp_path: Path, option: str
) -> None:
    call, values = VALUES[option]
    names = {"model": model, "photo": photo, "out": tmp_path / "out.png"}
    before = sorted(tmp_path.iterdir())
    for value in values:
        _one_line(dasr(*(word.format(value, **names) for word in call)))
    assert sorted(tmp_path.iterdir()) == before

"""`dasr data`, with what is there; downloads are tests/unit/data/test_benchmarks.py."""

from collections.abc import Callable
from pathlib import Path

from dasr.config.benchmarks import benchmark_sets
from tests.sets import fill
from tests.unit.commands.conftest import Outcome

Run = Callable[..., Outcome]
SETS = benchmark_sets()


def test_complete_sets_are_skipped(dasr: Run, tmp_path: Path) -> None:
    for name in ("Set5", "B100"):
        fill(SETS[name], tmp_path)
    done = dasr("data", "Set5", "B100", "--data-root", tmp_path)
    assert done.code == 0, done
    assert [line.partition(",")[0] for line in done.out.splitlines()] == [
        "Set5: complete",
        "B100: complete",
    ]


def test_check_reads_pixels_where_they_are_known(dasr: Run, tmp_path: Path) -> None:
    for name in ("Set5", "B100"):
        fill(SETS[name], tmp_path)
    done = dasr("data", "B100", "--check", "--data-root", tmp_path)
    assert done.code == 0, done
    assert done.out.endswith("number and sizes verified\n")
    black = dasr("data", "--check", "--data-root", tmp_path)
    assert black.code == 2
    assert "img_001.png: not the pixels of Set5's baby" in black.err


def test_check_says_what_is_not_there(dasr: Run, tmp_path: Path) -> None:
    fill(SETS["B100"], tmp_path)
    done = dasr("data", "--check", "--data-root", tmp_path)
    assert done.code == 2, done
    assert "Set14: not there; get it with: make data SETS=Set14" in done.out
    assert "B100: 100 images" in done.out
    assert "6 of 7 image sets are not there: Set5, Set14, Urban100" in done.err
    assert done.err.count("\n") == 1
    named = dasr("data", "Set14", "--check", "--data-root", tmp_path)
    assert named.code == 2
    assert named.err.endswith("no such image folder; get it with: make data SETS=Set14\n")


def test_unknown_and_unfetchable_sets(dasr: Run, tmp_path: Path) -> None:
    unknown = dasr("data", "Set15", "--data-root", tmp_path)
    assert unknown.code == 2
    assert "no image set is called 'Set15'; allowed: Set5, Set14" in unknown.err
    asked = dasr("data", "Manga109", "--data-root", tmp_path)
    assert asked.code == 2
    assert "http://www.manga109.org/en/download.html" in asked.err
    assert asked.err.count("\n") == 1
    assert not list(tmp_path.iterdir())

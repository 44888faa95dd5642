"""Room on the disk and in memory, computed by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dasr.config import ImageSetConfig
from dasr.config.benchmarks import benchmark_sets
from dasr.config.complaints import ImageSize
from dasr.errors import UserError
from dasr.forecast.image_sizes import set_sizes
from dasr.forecast.room import KEPT_FACTOR, PROCESS_BYTES, ROW_BYTES, disk_of, memory_of
from dasr.forecast.steps import StepCost, StepCosts
from dasr.forecast.trainings import trainings_of
from dasr.study import Plan
from tests.sets import fill

PlanStudy = Callable[..., Plan]
LEAVES = [ImageSize("a", 96, 96)] * 4
TESTED = [ImageSize("a", 128, 128)] * 3


class Costs(StepCosts):
    """Round numbers: networks of 1 MB, encoder states of 2 MB, joint ones of 3 MB."""

    def of(self, stage, model):  # type: ignore[no-untyped-def]
        if model is None:
            return StepCost(1.0, 0, 2_000_000, 500_000, 10e6)
        return StepCost(1.0, 1_000_000, 3_000_000, 1_000_000, 100e6)


def test_disk_is_the_sum_of_files(planned: PlanStudy) -> None:
    """4 networks, 2 encoder states, 5 runs (bicubic too) of 3 images x 4 degradations."""
    plan = planned()
    found = disk_of(plan, trainings_of(plan), {"leaves": LEAVES}, {"Leaves": TESTED}, Costs())
    assert found.packed_images == 3 * (4 * 96 * 96 + 3 * 128 * 128)
    assert found.networks == 4 * 1_000_000
    assert found.shared_states == 2 * 2_000_000
    # 2 widths and 3 noise levels of a crop of each image, 32 numbers of 4 bytes
    assert found.representations == 4 * (2 + 3) * 3 * 32 * 4
    assert found.rows == 2 * 5 * 3 * 4 * ROW_BYTES
    assert found.mlflow == 4 * 1_000_000 + 4 * 3 * 4 * ROW_BYTES
    # SR and HR crops of 96, LR of 24, and at most a square of 256 a whole image
    assert found.examples == 5 * 3 * 3 * (2 * 96**2 + 24**2 + 256**2)
    assert found.total == pytest.approx(
        found.packed_images + found.networks + found.shared_states + found.representations
        + found.rows + found.mlflow + found.examples
    )  # fmt: skip


def test_networks_on_the_way_count_with_their_rows(planned: PlanStudy) -> None:
    sets = {"leaves": LEAVES}, {"Leaves": TESTED}
    plain, kept = (planned(*own) for own in ((), ("checkpoints=[5, 10]",)))
    without, found = (disk_of(one, trainings_of(one), *sets, Costs()) for one in (plain, kept))
    assert without.checkpoints == 0
    assert found.checkpoints == 2 * (4 * 1_000_000 + 4 * 3 * 4 * ROW_BYTES)
    assert found.total == pytest.approx(without.total + found.checkpoints)


def test_sets_of_unknown_sizes_count_as_nothing(planned: PlanStudy) -> None:
    plan = planned()
    found = disk_of(plan, trainings_of(plan), {"leaves": None}, {"Leaves": None}, Costs())
    assert (found.packed_images, found.rows, found.representations) == (0, 0, 0)
    assert found.networks > 0


def test_memory_is_that_of_trainings_side_by_side(planned: PlanStudy) -> None:
    trainings = trainings_of(planned())
    joint = PROCESS_BYTES + 4e6 + KEPT_FACTOR * 100e6
    encoder = PROCESS_BYTES + 2.5e6 + KEPT_FACTOR * 10e6
    found = memory_of(trainings, 3, Costs())
    assert found.per_training == pytest.approx(joint)
    assert (found.at_once, found.unfinished) == (pytest.approx(3 * joint), 9e6)
    # six trainings in all, on a machine for more
    found = memory_of(trainings, 64, Costs())
    assert found.at_once == pytest.approx(4 * joint + 2 * encoder)
    left = [replace(one, finished=one.kind == "joint") for one in trainings]
    assert memory_of(left, 1, Costs()).per_training == pytest.approx(encoder)
    done = [replace(one, finished=True) for one in trainings]
    assert memory_of(done, 2, Costs()).at_once == 0


def _folder(folder: str, *exclude: str) -> ImageSetConfig:
    return ImageSetConfig(name="Set", source="folder", folder=folder, exclude=exclude)


def test_sizes_are_read_from_files_or_known_of_the_field(tmp_path: Path) -> None:
    set5 = benchmark_sets()["Set5"]
    known = {(image.width, image.height) for image in set5.known}
    missing = set_sizes(_folder(set5.folder), tmp_path)
    assert missing is not None
    fill(set5, tmp_path)
    found = set_sizes(_folder(set5.folder), tmp_path)
    assert found is not None
    for images in (missing, found):
        assert len(images) == 5
        assert {(image.width, image.height) for image in images} == known
    stem = set5.known[0].name
    assert len(set_sizes(_folder(set5.folder, stem), tmp_path) or ()) == 4
    assert len(set_sizes(_folder(set5.folder, stem), tmp_path / "nowhere") or ()) == 4


def test_other_sizes_are_not_known_before_the_images_are_there(tmp_path: Path) -> None:
    assert set_sizes(_folder("mine"), tmp_path) is None
    assert set_sizes(_folder("DF2K/HR"), tmp_path) is None
    bsds = set_sizes(_folder("BSDS400/HR", "302003"), tmp_path)
    assert bsds is not None
    assert sum(image.width * image.height for image in bsds) == 399 * 481 * 321


def test_half_a_set_is_refused(tmp_path: Path) -> None:
    set5 = benchmark_sets()["Set5"]
    next(fill(set5, tmp_path).iterdir()).unlink()
    with pytest.raises(UserError, match="holds 4 of 5 images"):
        set_sizes(_folder(set5.folder), tmp_path)

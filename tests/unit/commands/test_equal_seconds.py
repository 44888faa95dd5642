"""`dasr equal-seconds`: from a study's files to the joint steps of its methods."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from dasr.commands import equal_seconds
from dasr.config import RunConfig, Study, read_yaml
from dasr.errors import UserError
from dasr.study.planning import planned_study
from dasr.training.step_seconds import StageSeconds
from tests.unit.commands.conftest import Outcome

ROOT = Path(__file__).resolve().parents[3]
STUDY = """
study: mine
title: Mine
variants: [dasr, no_contrastive, no_ca]
seeds: [1, 2]
equal: seconds
train_sets:
  - {name: leaves, source: dead_leaves, num_images: 4, image_size: 192, seed: 1}
model: {num_groups: 1, num_blocks: 1, num_features: 8, encoder_features: 4,
        compressed_features: 8}
training: {batch_size: 2, patch_size: 8, encoder_batch_size: 4, encoder_patch_size: 8,
           steps_per_epoch: 10, encoder_epochs: 20, joint_epochs: 20}
"""
CALL = ("equal-seconds", "--configfile", "config/mine.yaml")
FILE = Path("config/budgets/seconds/mine.yaml")
SECONDS = {
    "dasr": {"encoder": 0.5, "joint": 1.0},  # 200 of each: 300 s
    "no_contrastive": {"joint": 1.2},  # 250 steps, 12.5 an epoch: 240 or 260
    "no_ca": {"encoder": 0.5, "joint": 0.8},  # 250 steps after 100 s
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with a study whose steps nobody has found yet."""
    for name in ("config", "ablations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "config/mine.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The methods of each measurement, whose seconds are `SECONDS`."""
    calls: list[list[str]] = []

    def known(runs: Sequence[RunConfig]) -> list[StageSeconds]:
        calls.append([run.method for run in runs])
        return [SECONDS[run.method] for run in runs]

    monkeypatch.setattr(equal_seconds, "step_seconds", known)
    return calls


def _study(*arguments: str) -> Study:
    return planned_study([Path("config/mine.yaml")], arguments)


def _written() -> dict[tuple[str, int], dict[str, Any]]:
    """Return the entries of the study's file by method and scale."""
    return {(one["method"], one["scale"]): one for one in read_yaml(FILE)["methods"]}


def _steps(study: Study, method: str) -> int:
    return study.run(method, "noisy", 4, 1).joint_stage().training.total_steps


@pytest.mark.usefixtures("project")
def test_a_study_that_lacks_steps_names_the_command_and_plans_after_it(
    dasr: Callable[..., Outcome], measured: list[list[str]]
) -> None:
    with pytest.raises(UserError, match=r"mine\.yaml.*: run dasr equal-seconds --write"):
        _study()
    shown = dasr(*CALL)
    assert shown.code == 0
    assert not FILE.exists()  # it only says what it would write
    written = dasr(*CALL, "--write")
    assert (written.code, written.err) == (0, "")
    assert measured == [["dasr", "no_contrastive", "no_ca"]] * 2
    study = _study()
    assert _steps(study, "dasr") == 200
    assert _steps(study, "no_contrastive") in (240, 260)
    assert _steps(study, "no_ca") in (240, 260)  # the encoder's 100 s count
    found = _written()
    assert found["no_ca", 4]["step_seconds"] == SECONDS["no_ca"]
    assert found["dasr", 4]["cpu_seconds"] == 300.0
    for entry in (found["no_ca", 4], found["no_contrastive", 4]):
        assert abs(entry["cpu_seconds"] - 300.0) <= 12.0  # half of 20 steps
    assert FILE.read_text(encoding="utf-8").startswith("# CPU seconds of a step")


@pytest.mark.usefixtures("project")
def test_steps_that_are_known_stay_when_a_method_joins(
    dasr: Callable[..., Outcome],
    measured: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert dasr(*CALL, "--write", "--config", "variants=[dasr, no_ca]").code == 0
    before = _written()
    # another day, on which everything takes twice as long: ratios are what counts
    twice = {name: {k: 2 * v for k, v in own.items()} for name, own in SECONDS.items()}
    for name, own in twice.items():
        monkeypatch.setitem(SECONDS, name, own)
    assert dasr(*CALL, "--write").code == 0
    assert measured[-1] == ["dasr", "no_contrastive"]
    after = _written()
    assert {name: after[name] for name in before} == before
    assert after["no_contrastive", 4]["joint_steps"] in (240, 260)
    again = dasr(*CALL, "--write")
    assert "has the joint steps already: dasr x4 200, no_contrastive x4 2" in again.out
    assert len(measured) == 2


@pytest.mark.usefixtures("project", "measured")
def test_another_machine_does_not_add_to_a_file(
    dasr: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dasr(*CALL, "--write", "--config", "variants=[dasr, no_ca]").code == 0
    text = FILE.read_text(encoding="utf-8")
    monkeypatch.setattr(equal_seconds, "machine", lambda device: "Another")
    done = dasr(*CALL, "--write")
    assert done.code == 2
    assert "this is Another: remove it first" in done.err
    assert FILE.read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("project", "measured")
def test_every_scale_has_steps_of_its_own(dasr: Callable[..., Outcome]) -> None:
    scales = ("--config", "scales=[2, 4]", "test_sets=[{name: Photos, source: photos}]")
    regimes = (
        "regimes=[{name: noisy, train: {kernel_width: {2: [0.2, 2.0], 4: [0.2, 4.0]}, "
        "noise_level: [0, 5]}, test: {kernel_widths: {2: [1.0], 4: [1.0]}, noise_levels: [0]}}]"
    )
    assert dasr(*CALL, "--write", *scales, regimes).code == 0
    assert {("no_ca", 2), ("no_ca", 4)} <= _written().keys()


@pytest.mark.usefixtures("project", "measured")
def test_a_method_whose_other_stages_take_all_seconds_is_named(
    dasr: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SECONDS, "no_ca", {"encoder": 1.49, "joint": 0.8})
    done = dasr(*CALL, "--write")
    assert done.code == 2
    assert "no_ca x4: the 300 CPU seconds of dasr do not leave it a step" in done.err
    assert not FILE.exists()


@pytest.mark.usefixtures("project", "measured")
def test_a_study_that_trains_nothing_is_named(dasr: Callable[..., Outcome]) -> None:
    done = dasr(*CALL, "--config", "variants=[]")
    assert done.code == 2
    assert "nothing to train" in done.err


@pytest.mark.usefixtures("project")
def test_it_measures_for_real_with_one_thread(dasr: Callable[..., Outcome]) -> None:
    threads = torch.get_num_threads()
    try:
        done = dasr(*CALL, "--write", "--config", "variants=[dasr, no_contrastive]")
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)
    assert (done.code, done.err) == (0, "")
    entry = _written()["no_contrastive", 4]
    assert 0 < entry["step_seconds"]["joint"] < 10
    assert entry["joint_steps"] % 20 == 0

"""Seconds a step, from records of earlier trainings and from benchmarks."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from dasr.config import RunConfig, Stage, to_dict
from dasr.devices import machine
from dasr.forecast.speed import Measured, measured_steps, step_time
from dasr.forecast.steps import StepCosts
from tests.tiny import run_config

HERE = machine(torch.device("cpu"))
WIDE = {"num_features": 16}


def _record(results: Path, trained: RunConfig | Stage, seconds: float, **changes: Any) -> Path:
    """Write a record of a training where the workflow would; return its file."""
    if isinstance(trained, RunConfig):
        number = len(list(results.glob("*/runs/*/*/*/*")))
        folder = results / f"s/runs/{trained.method}/r/x2/seed{number}"
    else:
        folder = results / f"s/encoders/{len(list(results.glob('*/encoders/*')))}"
    folder.mkdir(parents=True)
    record = {"config": to_dict(trained), "threads": 1, "device": "cpu", "machine": HERE}
    record |= {"cpu_seconds": seconds, **changes}
    (folder / "run.yaml").write_text(yaml.safe_dump(record), encoding="utf-8")
    return folder / "run.yaml"


def _benchmark(folder: Path) -> None:
    folder.mkdir(parents=True)
    entries = [
        {"name": "a step", "figures": {"ours_ms": 50.0, "gflop_s": 100}},
        {"name": "a step in bf16", "figures": {"bf16_s": 2.0, "gflop_s": 400}},
        {"name": "something else", "figures": {"seconds": 3.9}},
    ]
    report = {"machine": {"threads": 2}, "entries": entries}
    (folder / "a.json").write_text(json.dumps(report), encoding="utf-8")


def _measured(tmp_path: Path, costs: StepCosts) -> list[Measured]:
    return measured_steps(tmp_path / "results", tmp_path / "benchmarks", costs)


def test_the_same_step_counts_as_it_was(tmp_path: Path) -> None:
    """Six steps each, of three seeds: the median, whatever else has been trained."""
    costs, run = StepCosts(), run_config()
    files = [_record(tmp_path / "results", run_config(seed=n), 6.0 * n) for n in (1, 2, 4)]
    _record(tmp_path / "results", run_config(model=WIDE), 600.0)
    found = step_time(
        run.joint_stage(), run.settings.model, 1, _measured(tmp_path, costs), costs
    )
    assert found is not None
    assert (found.seconds, found.origin, found.factor) == (2.0, "same step", 1.0)
    assert set(found.sources) == {str(path) for path in files}


def test_another_step_is_scaled_by_arithmetic(tmp_path: Path) -> None:
    costs, run = StepCosts(), run_config()
    wide = run_config(model=WIDE)
    _record(tmp_path / "results", wide, 12.0)
    _record(tmp_path / "results", run_config(training={"batch_size": 8}), 1000.0)
    found = step_time(
        run.joint_stage(), run.settings.model, 1, _measured(tmp_path, costs), costs
    )
    ratio = (
        costs.of(run.joint_stage(), run.settings.model).flops
        / costs.of(wide.joint_stage(), wide.settings.model).flops
    )
    assert 0.2 < ratio < 0.9
    assert found is not None
    assert (found.origin, found.factor) == ("scaled", pytest.approx(ratio))
    assert found.seconds == pytest.approx(2.0 * ratio)


def test_the_same_number_of_threads_counts_first(tmp_path: Path) -> None:
    costs, run = StepCosts(), run_config()
    for threads, seconds in ((1, 6.0), (2, 9.0)):
        _record(tmp_path / "results", run, seconds, threads=threads)
    stage, model = run.joint_stage(), run.settings.model
    found = [step_time(stage, model, n, _measured(tmp_path, costs), costs) for n in (1, 2)]
    assert [one and one.seconds for one in found] == [1.0, 1.5]


def test_encoder_stages_have_records_of_their_own(tmp_path: Path) -> None:
    costs, stage = StepCosts(), run_config().encoder_stage()
    assert stage is not None
    _record(tmp_path / "results", stage, 3.0)
    _record(tmp_path / "results", run_config(), 600.0)
    found = step_time(stage, None, 1, _measured(tmp_path, costs), costs)
    assert found is not None
    assert (found.seconds, found.origin) == (0.5, "same step")


@pytest.mark.parametrize(
    "changes",
    [
        {"machine": "Another (AVX2)"},
        {"cpu_seconds": None},
        {"config": {"settings": {"model": {"depth": 3}}}},
        {"config": {}},
        {"config": None},
    ],
    ids=["machine", "seconds", "version", "empty", "nothing"],
)
def test_other_records_are_passed_over(tmp_path: Path, changes: dict[str, Any]) -> None:
    _record(tmp_path / "results", run_config(), 6.0, **changes)
    broken = tmp_path / "results/s/runs/a/b/c/d/run.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("config: [", encoding="utf-8")
    assert _measured(tmp_path, StepCosts()) == []


def test_without_a_record_benchmarks_are_scaled(tmp_path: Path) -> None:
    """50 ms at 100 GFLOP/s are 5 GFLOP, in 0.1 CPU seconds of two threads."""
    costs, run = StepCosts(), run_config()
    _benchmark(tmp_path / "benchmarks")
    measured = _measured(tmp_path, costs)
    assert [(one.flops, one.seconds, one.precision) for one in measured] == [
        (pytest.approx(5e9), pytest.approx(0.1), "float32"),
        (pytest.approx(800e9), pytest.approx(4.0), "bf16"),
    ]
    stage, model = run.joint_stage(), run.settings.model
    found = step_time(stage, model, 1, measured, costs)
    assert found is not None
    assert found.origin == "benchmark"
    assert found.seconds == pytest.approx(costs.of(stage, model).flops * 0.1 / 5e9)
    _record(tmp_path / "results", run, 6.0)
    assert [one.seconds for one in _measured(tmp_path, costs)] == [1.0]  # and none of these


def test_nothing_is_known_of_a_precision_that_nothing_has(tmp_path: Path) -> None:
    costs, run = StepCosts(), run_config(training={"precision": "bf16"})
    _record(tmp_path / "results", run_config(), 6.0)
    stage, model = run.joint_stage(), run.settings.model
    assert step_time(stage, model, 1, _measured(tmp_path, costs), costs) is None

"""How fast this machine trains: what records of earlier trainings and benchmarks have measured.

Records (`run.yaml`) say how many CPU seconds a stage took, so that what else the machine did
meanwhile does not count.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

import torch

from dasr.config import ModelConfig, RunConfig, Stage, from_dict
from dasr.devices import machine
from dasr.errors import UserError
from dasr.forecast.record_files import read_record
from dasr.forecast.steps import StepCosts, step_key

RECORDS = ("*/encoders/*/run.yaml", "*/runs/*/*/*/*/run.yaml")
"""Of all studies, below the folder of results."""
MOST_RECORDS = 300
"""The newest are read: each takes a few milliseconds."""
Origin = Literal["same step", "scaled", "benchmark"]
ORIGINS: dict[Origin, str] = {
    "same step": "of the same step on this machine",
    "scaled": "of the step of this machine nearest in arithmetic",
    "benchmark": "of a benchmark's step, since this machine has no record",
}


@dataclass(frozen=True)
class Measured:
    """What a step has taken."""

    seconds: float
    """CPU seconds of all threads, a step."""
    flops: float
    precision: str
    threads: int
    key: str
    """As `step_key`; "" of a benchmark."""
    source: str
    """The file."""


@dataclass(frozen=True)
class StepTime:
    """What a step is expected to take."""

    seconds: float
    """CPU seconds of all threads."""
    origin: Origin
    factor: float
    """By how much what was measured is multiplied, for more arithmetic; 1 for the same step."""
    sources: tuple[str, ...]


def measured_steps(results: Path, benchmarks: Path, costs: StepCosts) -> list[Measured]:
    """Return what trainings on this machine have taken; benchmarks if there is none.

    Args:
        results: folder with a folder per study.
        benchmarks: folder of the reports of `make bench`, of whichever machine.
        costs: of steps.
    """
    files = {path for pattern in RECORDS for path in results.glob(pattern)}
    newest = sorted(files, key=lambda path: (-path.stat().st_mtime, path))[:MOST_RECORDS]
    here = machine(torch.device("cpu"))
    found = [one for path in newest if (one := _recorded(path, here, costs)) is not None]
    return found or [
        one for path in sorted(benchmarks.glob("*.json")) for one in _benched(path)
    ]


def step_time(
    stage: Stage,
    model: ModelConfig | None,
    threads: int,
    measured: Sequence[Measured],
    costs: StepCosts,
) -> StepTime | None:
    """Return what a step is expected to take; None if nothing of its precision is measured.

    The same step counts before others, the same number of threads before others, then the
    step whose arithmetic is nearest: seconds are scaled by it. Several alike: their median.
    """
    key, flops = step_key(stage, model), costs.of(stage, model).flops
    known = [one for one in measured if one.precision == stage.training.precision]
    if not known:
        return None

    def distance(one: Measured) -> tuple[bool, bool, float]:
        away = round(abs(math.log(one.flops / flops)), 3)
        return one.key != key, one.threads != threads, away

    best = min(map(distance, known))
    nearest = [one for one in known if distance(one) == best]
    same = not best[0]
    factors = [1.0 if same else flops / one.flops for one in nearest]
    pairs = zip(nearest, factors, strict=True)
    seconds = median(one.seconds * factor for one, factor in pairs)
    origin: Origin = "same step" if same else "scaled" if nearest[0].key else "benchmark"
    sources = tuple(sorted({one.source for one in nearest}))
    return StepTime(seconds, origin, median(factors), sources)


def _recorded(path: Path, here: str, costs: StepCosts) -> Measured | None:
    """Return what a record says; None of another machine, of a GPU, or of another version."""
    record = read_record(path)
    if record.get("machine") != here or not record.get("cpu_seconds"):
        return None
    try:
        stage, model = _trained(record["config"], str(path))
        return Measured(
            seconds=float(record["cpu_seconds"]) / stage.training.total_steps,
            flops=costs.of(stage, model).flops,
            precision=stage.training.precision,
            threads=int(record["threads"]),
            key=step_key(stage, model),
            source=str(path),
        )
    except (UserError, KeyError, TypeError, ValueError):
        return None  # a configuration that this version does not know


def _trained(config: Any, where: str) -> tuple[Stage, ModelConfig | None]:
    """Return the stage of a record and its network's configuration, if it has one."""
    if "settings" not in config:
        return from_dict(Stage, config, where), None
    run = from_dict(RunConfig, config, where)
    return run.joint_stage(), run.settings.model


def _benched(path: Path) -> Iterator[Measured]:
    """Yield the training steps of a benchmark report: those with a rate of arithmetic."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        threads = int(report["machine"]["threads"])
        entries = report["entries"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for entry in entries:
        figures = entry["figures"]
        if "gflop_s" not in figures:
            continue
        seconds = {"bf16_s": 1.0, "ours_s": 1.0, "ours_ms": 1e-3}
        name = next(name for name in seconds if name in figures)
        wall = figures[name] * seconds[name]
        yield Measured(
            seconds=wall * threads,
            flops=figures["gflop_s"] * 1e9 * wall,
            precision="bf16" if name == "bf16_s" else "float32",
            threads=threads,
            key="",
            source=str(path),
        )

"""Kill a small study again and again, and compare what it ends with: `make faults`.

Every phase has its turn in one half of the kills, the other half come at any moment.
A round is a fresh study that is killed a few times and then let finish. It has to end with
the same files, bit for bit, and the same runs in MLflow as a study that nobody killed.
"""

import argparse
import collections
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.compare import contents, differences, leftovers, published
from tests.faults.kills import PHASES, Kill, Study, random_kill
from tests.workflow.conftest import LONGER, Project, copy_project

ARGUMENTS = ("--set-threads", "train=1", "train_encoder=1", "--")
A_ROUND = 8
"""Kills of one study at most: each takes it a little further."""


@dataclass
class Outcome:
    """What some kills came to."""

    done: list[Kill] = field(default_factory=list)
    """Kills that hit a running study."""
    missed: list[Kill] = field(default_factory=list)
    """Kills whose moment did not come any more."""
    problems: list[str] = field(default_factory=list)


def start(project: Project, target: str = "all") -> Study:
    """Start the study as a user would, with a state written after every interval."""
    environment = {**project.environment(), "DASR_CHECKPOINT_SECONDS": "0"}
    return Study(project.command(*ARGUMENTS, target), project.folder, environment)


def break_study(
    project: Project, kills: Iterable[Kill], rng: random.Random, seconds: float
) -> Outcome:
    """Kill a study at each of some moments, then let it finish.

    Args:
        project: a fresh copy.
        kills: in any order; they are taken in the order of phases.
        rng: moments within phases.
        seconds: how long an unbroken study takes.
    """
    outcome = Outcome()

    def place(kill: Kill) -> float:
        return PHASES.index(kill.phase) if kill.phase else rng.uniform(0, len(PHASES))

    for kill in sorted(kills, key=place):
        study = start(project)
        now = study.wait_for(kill, rng, seconds)
        if now:
            study.kill(now, rng)
            outcome.done.append(now)
        else:
            outcome.missed.append(kill)
            if study.process.returncode:
                outcome.problems.append(f"stopped by itself before {kill}: {study.output}")
    last = start(project)
    if last.process.wait(timeout=1200):
        outcome.problems.append(f"did not continue after {outcome.done[-1:]}: {last.output}")
    last.wait_for_survivors()
    return outcome


def compare(expected: Project, found: Project) -> list[str]:
    """Return what differs between an unbroken study and one that was killed."""
    lines = differences(contents(expected.folder), contents(found.folder))
    known = {path.name for path in expected.folder.iterdir()}
    lines += [f"left over: {name}" for name in leftovers(found.folder, known)]
    if published(expected.folder) != published(found.folder):
        lines.append("differs: the runs in MLflow")
    return lines


def planned_kills(count: int, rng: random.Random) -> list[Kill]:
    """Return kills: one half in the phases in turn, then the other half at any moment.

    Not mixed, since a kill at any moment often comes after the phases that wait their turn.
    """
    phases = [PHASES[number % len(PHASES)] for number in range(-(-count // 2))]
    return [random_kill(rng, phase) for phase in [*phases, *[None] * (count // 2)]]


def run_campaign(count: int, seed: int, folder: Path) -> list[str]:
    """Kill studies `count` times in all; print one line of figures, return all problems."""
    rng = random.Random(seed)
    unbroken = _study(folder / "unbroken")
    began = time.monotonic()
    assert start(unbroken).process.wait(timeout=1200) == 0, "the unbroken study failed"
    seconds = time.monotonic() - began
    waiting, done, problems, rounds = planned_kills(count, rng), [], [], 0
    while waiting:
        rounds += 1
        kills, waiting = waiting[:A_ROUND], waiting[A_ROUND:]
        project = _study(folder / f"round{rounds}")
        outcome = break_study(project, kills, rng, seconds)
        # a moment that has passed may come in the next study
        waiting += outcome.missed
        lines = outcome.problems + compare(unbroken, project)
        problems += [f"round {rounds}: {line}" for line in lines]
        done += outcome.done
        print(
            f"round {rounds}: {len(done)} of {count} kills, {len(lines)} problems", flush=True
        )
        for line in [*map(str, outcome.done), *lines]:
            print(f"  {line}", flush=True)
        if not lines:
            shutil.rmtree(project.folder)
    print(_figures(done, rounds, seconds, time.monotonic() - began, problems))
    return problems


NETWORK = "results/tiny/runs/dasr/noisy/x4/seed1/model.safetensors"
LOGS = {"encoder": "logs/train_encoder/*.log", "joint": "logs/train/dasr-*.log"}


def survivors_are_used(folder: Path) -> list[str]:
    """Kill Snakemake alone in each stage, start again at once and later; return problems.

    Whatever the survivor finishes has to be used, and must not be trained twice.
    """
    problems = []
    for stage, log in LOGS.items():
        for at_once in (True, False):
            project = _study(folder / "survivors")
            kill = Kill(stage, "parent", at_once=at_once)
            study = start(project, NETWORK)
            assert study.wait_for(kill, random.Random(0), 0), "the study ended too early"
            study.kill(kill, random.Random(0))
            again = start(project, NETWORK).process.wait(timeout=600)
            text = next(project.folder.glob(f"results/tiny/{log}")).read_text()
            if again or not (project.folder / NETWORK).exists():
                problems.append(f"no network after {kill}")
            if "nothing is trained" not in text:
                problems.append(f"trained twice after {kill}")
    print(f"survivors of {len(LOGS) * 2} kills of Snakemake alone: {len(problems)} problems")
    return problems


def _figures(
    done: Sequence[Kill], rounds: int, seconds: float, total: float, problems: Sequence[str]
) -> str:
    targets = collections.Counter(kill.target for kill in done)
    signals = collections.Counter(signal.Signals(kill.signal).name for kill in done)
    phases = collections.Counter(kill.phase or "any moment" for kill in done)
    broken = len({line.partition(":")[0] for line in problems})
    return (
        f"{len(done)} kills in {rounds} studies ({dict(sorted(targets.items()))}, signals "
        f"{dict(sorted(signals.items()))}, {dict(sorted(phases.items()))}): "
        f"{rounds - broken} of {rounds} studies ended with "
        "the files, bits and runs of an unbroken one; "
        f"{total / 60:.0f} min, unbroken {seconds:.0f} s"
    )


def _study(folder: Path) -> Project:
    """Return a fresh copy of the project with its longer tiny study."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    project = copy_project(folder)
    project.edit("config/tiny.yaml", *LONGER)
    return project


def main() -> int:
    """Run the campaign from the command line; 1 if anything was lost or differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where studies are made (a temporary one)")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="dasr-faults-"))
    problems = survivors_are_used(folder.resolve())
    if options.kills:
        problems += run_campaign(options.kills, options.seed, folder.resolve())
    if not problems and options.folder is None:
        shutil.rmtree(folder)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

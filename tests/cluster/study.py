"""A tiny study, run here and on a cluster, and what both left behind, file by file."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.compare import Contents, contents
from tests.workflow.conftest import Project, copy_project

# long enough that the controller can be killed, started again and wait for a survivor
LONGER = ("joint_epochs: 2", "joint_epochs: 300")
THREADS = ("--set-threads", "train=1", "train_encoder=1", "--")
DEADLINE = 900.0
TRAINING = re.compile(r"^\S+ (\S+): step (\d+) of \d+$", re.MULTILINE)
# run ids are drawn, logs have times
UNLIKE = {"logs", "tracking"}


def study(folder: Path) -> Project:
    """Return a copy of the project whose tiny study trains for half a minute a network."""
    folder.mkdir()
    project = copy_project(folder)
    project.edit("config/tiny.yaml", *LONGER)
    return project


def run_here(project: Project) -> None:
    """Run the study as anyone does without a cluster."""
    project.run(*THREADS, "all")


def slurm_command(*options: str) -> list[str]:
    """Return the command that docs/cluster.md names, with options before the target."""
    command = [sys.executable, "-m", "snakemake", "--configfile", "config/tiny.yaml"]
    profile = ["--workflow-profile", "workflow/profiles/slurm"]
    return [*command, *profile, *options, *THREADS, "all"]


@dataclass
class Trainings:
    """Every start of a training, read from logs that a second start overwrites."""

    folder: Path
    _seen: set[tuple[str, str, int]] = field(default_factory=set)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the logs while the block runs."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.2):
                self._look()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            self._look()

    def starts(self) -> dict[str, list[int]]:
        """Return the steps at which each stage's trainings began."""
        found: dict[str, list[int]] = {}
        for name, _, step in sorted(self._seen):
            found.setdefault(name, []).append(step)
        return found

    def _look(self) -> None:
        for log in self.folder.glob("logs/train*/*.log"):
            text = log.read_text(encoding="utf-8", errors="replace")
            for match in TRAINING.finditer(text):
                name, step = match.groups()
                self._seen.add((name, match.group(0), int(step)))


def kill_in_training(project: Project, command: list[str], trainings: Trainings) -> None:
    """Start the controller and kill it, and nothing else, once a network is in training."""
    controller = subprocess.Popen(
        command,
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + DEADLINE
    while not any(name.startswith("dasr-") for name in trainings.starts()):
        assert controller.poll() is None, "the study ended before it could be killed"
        assert time.monotonic() < deadline, "no training has begun"
        time.sleep(0.1)
    controller.send_signal(signal.SIGKILL)
    controller.wait()


def run(project: Project, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder."""
    return subprocess.run(
        command,
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def results(project: Project) -> Contents:
    """Return what the study has left, by path, without what cannot be equal twice."""
    found = contents(project.folder)
    return {
        name: digest for name, digest in found.items() if not UNLIKE & set(Path(name).parts)
    }


def count(names: Contents) -> str:
    """Return how many files there are of each kind, in words."""
    kinds = Counter(name.partition("/")[0] for name in names)
    return " and ".join(f"{number} files of {kind}" for kind, number in sorted(kinds.items()))

"""Kills: when, whom, with which signal, and what is waited for before the next start."""

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

POLL = 0.002
"""Seconds between two looks for a moment."""

PHASES = (
    "planning",
    "store",
    "packing",
    "encoder",
    "encoder hand-over",
    "joint",
    "joint hand-over",
    "test",
    "cluster",
    "summarise",
    "figure",
    "table",
    "publish",
)
"""In the order in which a study comes to them."""

FILES = {
    "packing": "results/*/data/train/.*.bin",
    "store": "*mlflow*.db*",
    "encoder": "results/*/stages/encoder-*/[!.]*.safetensors",
    "encoder hand-over": "results/*/stages/encoder-*/finished*",
    "joint": "results/*/stages/[!e]*/[!.]*.safetensors",
    "joint hand-over": "results/*/stages/[!e]*/finished*",
    "test": "results/*/logs/test/[!b]*",  # bicubic comes early
    "cluster": "results/*/logs/cluster/**/*.log",
    "summarise": "results/*/logs/summarise.log",
    "figure": "results/*/logs/figure/*",
    "table": "results/*/logs/table/*",
    "publish": "results/*/logs/publish.log",
}
"""What appears, or is written again, when a phase begins."""

SPREAD = {"planning": 2.5, "store": 0.5, "publish": 3.0, "encoder": 0.5, "joint": 0.5}
"""Seconds after the beginning of a phase within which it is killed; else 0.2."""


@dataclass(frozen=True)
class Kill:
    """One kill."""

    phase: str | None
    """One of `PHASES`, or None for any moment of the study."""
    target: str
    """"family", "parent" (Snakemake alone) or "child" (one job's process)."""
    signal: int = signal.SIGKILL
    at_once: bool = True
    """Whether the next start comes while survivors may still be at work."""

    def __str__(self) -> str:
        """Return e.g. "SIGKILL to the parent in joint, next start at once"."""
        when = f"in {self.phase}" if self.phase else "at any moment"
        how = "at once" if self.at_once else "after all have ended"
        return f"{signal.Signals(self.signal).name} to {self.target} {when}, next start {how}"


def random_kill(rng: random.Random, phase: str | None) -> Kill:
    """Return a kill of a phase, with target, signal and pause at random."""
    target = rng.choice(["family", "family", "parent", "parent", "child"])
    signals = [signal.SIGKILL] * 3 + [signal.SIGTERM, signal.SIGINT]
    return Kill(phase, target, rng.choice(signals), rng.random() < 0.5)


class Study:
    """Snakemake in a session of its own, which can be killed."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        """Start it; what it says goes to a file beside the folder."""
        self.folder = folder
        self.began = time.time()
        self.output = folder.with_name(f"{folder.name}.txt")
        with self.output.open("a") as file:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def wait_for(self, kill: Kill, rng: random.Random, seconds: float) -> Kill | None:
        """Wait for a kill's moment.

        Args:
            kill: what is planned.
            rng: where in the phase.
            seconds: how long an unbroken study takes.

        Returns:
            the kill; the same at any moment, if its phase is over or will not come since a
            later one has begun; None if the study has ended.
        """
        late = False
        if kill.phase in (None, "planning"):
            # a study that was killed before has less left
            self._sleep(rng.uniform(0.1, SPREAD["planning"] if kill.phase else seconds / 2))
        else:
            later = PHASES[PHASES.index(kill.phase) + 1 :]
            while self.process.poll() is None and not self._begun(kill.phase) and not late:
                late = any(self._begun(phase) for phase in later)
                time.sleep(POLL)
            if not late and "hand-over" not in kill.phase:
                self._sleep(rng.uniform(0, SPREAD.get(kill.phase, 0.2)))
        if kill.target == "child":
            while self.process.poll() is None and not self.jobs():
                time.sleep(POLL)
        if self.process.poll() is not None:
            return None
        return replace(kill, phase=None) if late else kill

    def kill(self, kill: Kill, rng: random.Random) -> None:
        """Send the signal, and wait for what the kill wants to be waited for."""
        if kill.target == "family":
            os.killpg(self.process.pid, kill.signal)
        elif kill.target == "parent":
            self.process.send_signal(kill.signal)
        else:
            jobs = self.jobs()
            if jobs:
                _send(rng.choice(jobs), kill.signal)
        # a controller that is asked to end lets its jobs end, and one whose job has died
        # lets the others end: both within a minute here
        self.process.wait(timeout=300)
        if not kill.at_once:
            self.wait_for_survivors()

    def wait_for_survivors(self) -> None:
        """Wait until no process of the session is left."""
        deadline = time.monotonic() + 300
        while self.members():
            assert time.monotonic() < deadline, f"still running: {self.members()}"
            time.sleep(0.05)

    def members(self) -> list[int]:
        """Return the living processes of the session."""
        return [process for process in _processes() if _session(process) == self.process.pid]

    def jobs(self) -> list[int]:
        """Return the processes of the session that run a script of the workflow."""
        return [process for process in self.members() if b"/scripts/" in _command(process)]

    def _begun(self, phase: str) -> bool:
        for path in self.folder.glob(FILES[phase]):
            try:
                if path.stat().st_mtime >= self.began:
                    return True
            except FileNotFoundError:
                continue
        return False

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            time.sleep(POLL)


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass  # it has just ended


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _session(process: int) -> int | None:
    """Return the session of a living process; zombies are none."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[3])


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""

"""Timing side by side, and the summary: a table on screen, a JSON file of the machine."""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch

from dasr.config import git_commit

REPORTS = Path("reports/benchmarks")
THREADS = 2


@dataclass
class Entry:
    """A line of the summary."""

    name: str
    figures: dict[str, Any]
    target: str = ""
    met: bool | None = None
    reason: str = ""
    """Why a target is missed, or not measured."""


@dataclass
class Recorder:
    """What the session measured, and the ceilings that shares refer to (GFLOP/s)."""

    entries: list[Entry] = field(default_factory=list)
    ceilings: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, figures: dict[str, Any], **more: Any) -> None:
        """Add a line; see Entry."""
        self.entries.append(Entry(name, figures, **more))


RECORDER = Recorder()


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    """The session's recorder, with the threads set and ceilings measured first."""
    torch.set_num_threads(THREADS)
    torch.set_flush_denormal(True)
    if not RECORDER.ceilings:
        RECORDER.ceilings.update(measure_ceilings())
    return RECORDER


def measure_ceilings() -> dict[str, float]:
    """Return GFLOP/s of a large matrix product and a large convolution, the best of a few."""
    ceilings = {}
    for name, dtype in (("float32", torch.float32), ("bf16", torch.bfloat16)):
        a = torch.randn(2048, 2048, dtype=dtype)
        image = torch.randn(8, 256, 96, 96, dtype=dtype)
        weight = torch.randn(256, 256, 3, 3, dtype=dtype)
        image = image.to(memory_format=torch.channels_last)
        weight = weight.to(memory_format=torch.channels_last)
        matrix = best(lambda a=a: a @ a, 5)
        conv = best(lambda x=image, w=weight: torch.nn.functional.conv2d(x, w, padding=1), 3)
        ceilings[f"matrix product {name}"] = 2 * 2048**3 / matrix / 1e9
        ceilings[f"convolution {name}"] = 2 * 8 * 96**2 * 256**2 * 9 / conv / 1e9
    return ceilings


def best(function: Callable[[], Any], rounds: int) -> float:
    """Return the shortest of some rounds in seconds, after one to warm up."""
    function()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.fixture
def side_by_side(benchmark: Any) -> Callable[..., tuple[float, float]]:
    """Measures ours and plain in turns; returns the median seconds of each."""

    def measure(
        ours: Callable[[], Any], plain: Callable[[], Any], rounds: int
    ) -> tuple[float, float]:
        plain()
        ours()
        times: list[float] = []

        def turn() -> None:
            began = time.perf_counter()
            plain()
            times.append(time.perf_counter() - began)

        benchmark.pedantic(ours, setup=turn, rounds=rounds)
        return float(benchmark.stats.stats.median), statistics.median(times)

    return measure


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table and write the file."""
    if not RECORDER.entries:
        return
    write = terminalreporter.write_line
    write("")
    ceilings = {name: round(value) for name, value in RECORDER.ceilings.items()}
    write(f"ceilings, GFLOP/s: {ceilings}")
    for entry in RECORDER.entries:
        verdict = {True: "met", False: "MISSED", None: ""}[entry.met]
        figures = ", ".join(f"{key} {value}" for key, value in entry.figures.items())
        write(f"{entry.name}: {figures}")
        if entry.target or entry.reason:
            write(f"    target: {entry.target}: {verdict} {entry.reason}".rstrip())
    path = REPORTS / f"{machine_slug()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "machine": machine(),
        "ceilings_gflop_s": ceilings,
        "entries": [asdict(entry) for entry in RECORDER.entries],
    }
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write(f"written: {path}")


def machine() -> dict[str, Any]:
    """Return what figures depend on."""
    return {
        "processor": _processor(),
        "threads": THREADS,
        "vector": torch.backends.cpu.get_cpu_capability(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "commit": git_commit(),
    }


def machine_slug() -> str:
    """Return the machine's name in lower case, with dashes."""
    gpu = f" {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    capability = torch.backends.cpu.get_cpu_capability()
    name = f"{_processor()} {capability}{gpu}".replace("(R)", "")
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


@pytest.fixture
def workers() -> Iterator[Callable[[dict[str, Any], dict[str, str]], Any]]:
    """Starts processes that take a step when asked; see benchmarks/worker.py."""
    started: list[subprocess.Popen[str]] = []

    def start(case: dict[str, Any], environment: dict[str, str]) -> Any:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", json.dumps(case)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(case["threads"]), **environment},
        )  # fmt: skip
        started.append(process)

        def step() -> tuple[float, float]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("step\n")
            process.stdin.flush()
            seconds, loss = json.loads(process.stdout.readline())
            return seconds, loss

        return step

    yield start
    for process in started:
        with process:  # closes its pipes and waits
            process.terminate()

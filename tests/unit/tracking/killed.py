"""Processes that are killed while they make a store."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def start(work: Callable[[], object], folder: Path) -> int:
    """Run a function in a child process that stands in a folder; return the process's id."""
    child = os.fork()
    if not child:
        os.chdir(folder)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def ended_well(child: int) -> bool:
    """Wait for a child; return whether its function returned."""
    return os.waitpid(child, 0)[1] == 0


def kill_once(file: Path, size: int, work: Callable[[], object], folder: Path) -> None:
    """Run a function in a child, and kill -9 it as soon as a file has a size in bytes."""
    child = start(work, folder)
    deadline = time.monotonic() + 60
    while not file.exists() or file.stat().st_size < size:
        assert time.monotonic() < deadline, f"{file} never had {size} bytes"
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "made before it could be killed"
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL

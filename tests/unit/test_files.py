"""Files that are whole or absent."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from dasr.errors import UserError
from dasr.files import ABANDONED_SECONDS, alone, hold, replacing, write_text


def test_file_appears_whole_in_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "note.txt"
    with replacing(path) as temporary:
        assert temporary.suffix == ".txt"
        temporary.write_text("new", encoding="utf-8")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "new"
    assert list(path.parent.iterdir()) == [path]


def _fail(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise RuntimeError("stop")


def test_failure_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError, match="stop"):
        _fail(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def _gone() -> int:
    """Return the number of a process that has ended."""
    return int(subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                              capture_output=True, check=True).stdout)  # fmt: skip


def test_what_a_killed_process_left_aside_goes(tmp_path: Path) -> None:
    host = socket.gethostname()
    left = tmp_path / f".leaves.{host}-{_gone()}.bin"
    living = tmp_path / f".leaves.{host}-{os.getppid()}.bin"
    elsewhere = tmp_path / ".leaves.node-7-123.bin"
    old = tmp_path / ".leaves.node-7-124.bin"
    others = [tmp_path / f".leaves2.{host}-1.bin", tmp_path / f".leaves.{host}-1.csv"]
    for path in (left, living, elsewhere, old, *others):
        path.touch()
    long_ago = time.time() - ABANDONED_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    write_text(tmp_path / "leaves.bin", "new")
    assert not left.exists()
    assert not old.exists()
    assert all(path.exists() for path in (living, elsewhere, *others))


def test_every_file_has_the_mode_of_a_new_one(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        with replacing(tmp_path / "model.safetensors") as temporary:
            save_file({}, temporary)  # which makes it for its owner alone
            assert temporary.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)
    assert (tmp_path / "model.safetensors").stat().st_mode & 0o777 == 0o640


HOLD = """
import sys
from pathlib import Path
from dasr.files import alone
with alone(Path(sys.argv[1]), sys.argv[2], waiting=lambda: print("waits", flush=True)):
    print("inside", flush=True)
    sys.stdin.read()
"""


def _holder(lock: Path, key: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(lock), key]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_process_at_a_time_until_it_dies(tmp_path: Path) -> None:
    lock = tmp_path / "jobs.lock"
    first = _holder(lock, "train/a")
    assert _line(first) == "inside"
    second, other = _holder(lock, "train/a"), _holder(lock, "train/b")
    assert _line(other) == "inside"
    assert _line(second) == "waits"
    first.kill()
    assert _line(second) == "inside"
    for process in (first, second, other):
        process.communicate("")
    assert lock.stat().st_size == 0


def test_a_file_system_without_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Network file systems may have neither kind."""

    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(UserError, match=r"study\.lock: this file system has no locks"):
        hold(tmp_path / "study.lock", "busy")
    with pytest.raises(UserError, match=r"jobs\.lock: this file system has no locks"):
        with alone(tmp_path / "jobs.lock", "a", waiting=lambda: None):
            raise AssertionError

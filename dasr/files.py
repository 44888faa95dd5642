"""Files that are whole or absent, and work that one process at a time does.

Everything is written aside, then renamed. What a killed process has left aside is removed
by whoever writes the same file next.
"""

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dasr.errors import UserError

ABANDONED_SECONDS = 86_400
"""What a process on another machine has not written to for so long is left over."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it there if the block succeeds.

    The suffix stays the same, since writers choose their format by it, and the mode is
    that of any new file, whatever the writer makes of it. On an error the temporary file
    is removed and an older `path` is left as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_over(path)
    writer = f"{socket.gethostname()}-{os.getpid()}"
    temporary = path.with_name(f".{path.stem}.{writer}{path.suffix}")
    try:
        temporary.touch()
        mode = temporary.stat().st_mode
        yield temporary
        temporary.chmod(mode)
        _flush(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file at once."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(lock_file: Path, key: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time into the block, among all that name the same `key`.

    One byte of the lock file, which stays empty and is never removed, stands for each
    key, and the kernel gives it free with the process, however that ends. A process may be
    inside for one key at a time.

    Args:
        lock_file: on a file system that all these processes share.
        key: what must not be done twice at once.
        waiting: called when another process is in the block, before it is waited for.

    Raises:
        UserError: the file system has no locks.
    """
    byte = int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "big")
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a") as lock:
        try:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except (BlockingIOError, PermissionError):  # POSIX allows either
                waiting()
                fcntl.lockf(lock, fcntl.LOCK_EX, 1, byte)
        except OSError as error:
            raise _without_locks(lock_file, error) from None
        yield


def hold(lock_file: Path, busy: str) -> None:
    """Hold a lock until this process ends.

    Args:
        lock_file: on a file system that all these processes share.
        busy: what to say if another process holds it.

    Raises:
        UserError: another process holds it, or the file system has no locks.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock_file, os.O_CREAT | os.O_RDWR)  # never closed
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(busy) from None
    except OSError as error:
        raise _without_locks(lock_file, error) from None


def _without_locks(lock_file: Path, error: OSError) -> UserError:
    return UserError(
        f"{lock_file}: this file system has no locks ({error.strerror}): put the project on "
        "one that has, or mount it with them (Lustre: -o flock)"
    )


def _remove_left_over(path: Path) -> None:
    """Remove the temporary files of `path` whose writers are gone."""
    start, end = f".{path.stem}.", path.suffix
    for name in os.listdir(path.parent):
        if not (name.startswith(start) and name.endswith(end)):
            continue
        host, dash, process = name[len(start) : len(name) - len(end)].rpartition("-")
        if dash and process.isdigit() and _is_gone(path.with_name(name), host, int(process)):
            path.with_name(name).unlink(missing_ok=True)


def _is_gone(temporary: Path, host: str, process: int) -> bool:
    if host != socket.gethostname():
        try:
            return time.time() - temporary.stat().st_mtime > ABANDONED_SECONDS
        except FileNotFoundError:
            return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's process
        return False
    return False


def _flush(path: Path) -> None:
    """Bring a file to the disk: a rename may survive a power cut that its bytes do not."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

"""The one class of errors that a user can mend, and the one line that they end with.

Planning (`one_line`), the scripts of rules and the command line are the three doors: each
asks `user_line` what to print, and exits with `EXIT_CODE`. An error without such a line is a
fault of this project and keeps its traceback.
"""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EXIT_CODE = 2

MACHINE = frozenset(
    getattr(errno, name)
    for name in (
        "EACCES",
        "EDQUOT",
        "EFBIG",
        "EISDIR",
        "ELOOP",
        "EMFILE",
        "ENAMETOOLONG",
        "ENOSPC",
        "ENOTDIR",
        "EPERM",
        "EROFS",
    )
)
"""What the machine refuses, wherever it happens: a full disk, a folder that cannot be
written, a name that is too long."""


class UserError(Exception):
    """Something that a user can mend: a file, a key, a value, a machine.

    The message is one line that names the culprit and says what is allowed or what to do.
    """


def user_line(error: BaseException) -> str | None:
    """Return the line "error: ..." of an error that a user can mend, else None.

    Beside `UserError`, these are the operating system's refusals in `MACHINE`.
    """
    if isinstance(error, UserError):
        return f"error: {' '.join(str(error).split())}"
    if isinstance(error, OSError) and error.errno in MACHINE:
        place = f"{error.filename}: " if error.filename else ""
        return f"error: {place}{error.strerror}"
    return None


@contextmanager
def one_line(leave: Callable[[int], object] = sys.exit) -> Iterator[None]:
    """End the program with one line, if the block ends in what a user can mend.

    Args:
        leave: how to end it; `os._exit` inside Snakemake's handlers.
    """
    try:
        yield
    except Exception as error:
        line = user_line(error)
        if line is None:
            raise
        print(line, file=sys.stderr, flush=True)
        leave(EXIT_CODE)

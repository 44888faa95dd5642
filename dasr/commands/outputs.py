"""Where results may be written: never over an input, over other files only on request."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dasr.config import require_regular
from dasr.errors import UserError


def require_new(
    targets: Sequence[Path], inputs: Sequence[Path], *, overwrite: bool = False
) -> None:
    """Refuse results that would replace something; asked before anything is computed.

    Files are compared and not their names, so that links and file systems that ignore
    case do not hide an input.

    Args:
        targets: files that are about to be written.
        inputs: files that are read; they are never replaced.
        overwrite: whether other existing files may be.

    Raises:
        UserError: a target that is an input, exists without leave, or is no regular file;
            or two targets that are one file where case is ignored.
    """
    folded: dict[str, Path] = {}
    read = {_identity(path): path for path in inputs if path.exists()}
    for target in targets:
        other = folded.setdefault(str(target).casefold(), target)
        if other is not target:
            raise UserError(f"{target}: another result would be written to {other}")
        if not os.path.lexists(target):
            continue
        if target.exists():
            if _identity(target) in read:
                own = read[_identity(target)]
                raise UserError(f"{own}: the result {target} would replace its own input")
            require_regular(target)
        if not overwrite:
            raise UserError(f"{target}: exists already; --overwrite replaces it")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Name the place where a write in the block fails.

    Raises:
        UserError: the place cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from None


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino

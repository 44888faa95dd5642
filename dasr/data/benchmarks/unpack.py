"""Image files out of an archive: the wanted ones only, flat, never outside the folder."""

import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from dasr.config.benchmarks import Archive, BenchmarkSet
from dasr.errors import UserError

Member = tuple[str, bool, Callable[[], IO[bytes] | None]]
"""Path inside the archive, whether it is a plain file, and how to open it."""


def unpack(archive: Archive, benchmark: BenchmarkSet, file: Path, folder: Path) -> None:
    """Write the images of a downloaded file into a folder, under their own names.

    Of an archive only the files that match `archive.members` are taken, and only those of
    the set where its names are known. Bytes are copied, not decoded.

    Args:
        archive: what to take.
        benchmark: the set it is for.
        file: the archive, or a single image.
        folder: must exist.

    Raises:
        UserError: no whole archive, a path that leaves the archive, a link in place of
            an image, or two images of one name.
    """
    if archive.save_as:
        shutil.copyfile(file, folder / archive.save_as)
        return
    try:
        for path, plain, opened in _members(file):
            _take(PurePosixPath(path), plain, opened, archive.members, benchmark, folder)
    except UserError as error:
        raise UserError(f"{file}: {error}") from None
    except Exception as error:  # zlib, lzma, tarfile and zipfile raise a dozen kinds
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{file}: not a whole archive: {reason}") from None


def _take(
    path: PurePosixPath,
    plain: bool,
    opened: Callable[[], IO[bytes] | None],
    pattern: str,
    benchmark: BenchmarkSet,
    folder: Path,
) -> None:
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        raise UserError(f"refused: its member {str(path)!r} would leave the folder")
    if not path.match(pattern) or (benchmark.stems and path.stem not in benchmark.stems):
        return
    source = opened() if plain else None
    if source is None:
        raise UserError(f"refused: its member {str(path)!r} is not a plain file")
    target = folder / path.name
    if target.exists():
        raise UserError(f"refused: it holds two images called {path.name!r}")
    with source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def _members(file: Path) -> Iterator[Member]:
    """Yield what a zip or a (compressed) tar file holds, folders left out."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for item in packed.infolist():
                if not item.is_dir():
                    link = item.external_attr >> 16 & 0o170000 == 0o120000
                    yield item.filename, not link, partial(packed.open, item)
        return
    with tarfile.open(file, "r:*") as tape:
        for entry in tape:
            if not entry.isdir():
                yield entry.name, entry.isfile(), partial(tape.extractfile, entry)

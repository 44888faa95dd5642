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
    the set where its names are known. Bytes are copied, not decoded, and no more of them
    than the archive's declared size allows.

    Args:
        archive: what to take.
        benchmark: the set it is for.
        file: the archive, or a single image.
        folder: must exist.

    Raises:
        UserError: no whole archive, a path that leaves the archive, a link in place of
            an image, two images of one name, or more bytes than are expected.
    """
    if archive.save_as:
        shutil.copyfile(file, folder / archive.save_as)
        return
    left = archive.most_unpacked
    try:
        for path, plain, opened in _members(file):
            wanted = _wanted(PurePosixPath(path), plain, opened, archive.members, benchmark)
            if wanted is not None:
                with wanted:
                    left -= _take(wanted, folder / PurePosixPath(path).name, left)
    except UserError as error:
        raise UserError(f"{file}: {error}") from None
    except Exception as error:  # zlib, lzma, tarfile and zipfile raise a dozen kinds
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{file}: not a whole archive: {reason}") from None


def _wanted(
    path: PurePosixPath,
    plain: bool,
    opened: Callable[[], IO[bytes] | None],
    pattern: str,
    benchmark: BenchmarkSet,
) -> IO[bytes] | None:
    """Return a member, open to be read, if it is one of the set's images."""
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        raise UserError(f"refused: its member {str(path)!r} would leave the folder")
    if not path.match(pattern) or (benchmark.stems and path.stem not in benchmark.stems):
        return None
    source = opened() if plain else None
    if source is None:
        raise UserError(f"refused: its member {str(path)!r} is not a plain file")
    return source


def _take(source: IO[bytes], target: Path, most: int) -> int:
    """Copy a member to a file that is not there yet; return how many bytes it has."""
    if target.exists():
        raise UserError(f"refused: it holds two images called {target.name!r}")
    size = 0
    with target.open("wb") as copy:
        while part := source.read(1 << 20):
            size += len(part)
            if size > most:
                raise UserError(f"refused: unpacked to more than expected at {target.name!r}")
            copy.write(part)
    return size


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

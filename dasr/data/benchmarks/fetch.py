"""A set of the field: downloaded, unpacked aside, verified, and only then put in place."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dasr.config.benchmarks import BenchmarkSet, benchmark_sets, shared_part
from dasr.config.folders import benchmark_files, is_complete
from dasr.data.benchmarks.downloads import Downloads
from dasr.data.benchmarks.unpack import unpack
from dasr.data.images import read_image
from dasr.errors import UserError
from dasr.files import alone
from dasr.pixels import Pixels


def fetch_set(
    benchmark: BenchmarkSet,
    data_root: Path,
    say: Callable[[str], None] = print,
    **patience: Any,
) -> None:
    """Download one of the field's sets, unless it is complete already.

    Nothing of the user's is overwritten: a folder with other contents is refused. An
    archive that serves no other set is deleted once the set is in place.

    Args:
        benchmark: the set.
        data_root: folder of all image sets.
        say: called with a line for each thing the user should know.
        patience: arguments of ResumingDownloader.

    Raises:
        UserError: the set can only be asked for, its folder holds something else, the
            disk is too small, or a download is not what it should be.
    """
    folder = data_root / benchmark.folder
    if is_complete(benchmark, folder):
        say(f"{benchmark.name}: complete, {benchmark.images} images in {folder}")
        return
    if benchmark.request:
        raise UserError(f"{folder}: cannot be downloaded; {benchmark.remedy}")
    _require_space(benchmark, data_root)
    downloads = Downloads(data_root, say, **patience)
    lock = downloads.folder / "lock"
    with alone(lock, "downloads", lambda: say(f"{lock}: waiting for another download")):
        if is_complete(benchmark, folder):  # by another process, while this one waited
            return
        downloads.tidy()
        with _put_in_place(folder) as aside:
            _fill(benchmark, downloads, aside, shown=folder)
        for archive in benchmark.archives:
            if not _serves_others(benchmark):
                downloads.path(benchmark.address(archive)).unlink()
    say(f"{benchmark.name}: {benchmark.images} images in {folder}")


def verify_set(benchmark: BenchmarkSet, data_root: Path) -> None:
    """Check number, names, sizes and, where they are known, pixels of a set's images.

    Raises:
        UserError: what is wrong, in one line.
    """
    folder = data_root / benchmark.folder
    _verify(benchmark, folder, shown=folder)


def _fill(benchmark: BenchmarkSet, downloads: Downloads, aside: Path, shown: Path) -> None:
    """Download, unpack and verify a set; only then are digests recorded.

    Raises:
        UserError: also when the images are wrong; then files without a published digest
            are renamed, since it may be they that are wrong.
    """
    archives = [(archive, benchmark.address(archive)) for archive in benchmark.archives]
    files = [downloads.fetch(archive, url) for archive, url in archives]
    try:
        for (archive, _), file in zip(archives, files, strict=True):
            unpack(archive, benchmark, file, aside)
        _verify(benchmark, aside, shown=shown)
    except UserError as error:
        kept = [downloads.set_aside(url) for archive, url in archives if not archive.published]
        if not kept:
            raise
        more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        raise UserError(
            f"{error}; kept as {kept[0]}{more}: run it again to download anew"
        ) from None
    for archive, url in archives:
        downloads.write_record(archive, url)


def part_digest(image: Pixels, width: int, height: int) -> str:
    """Return the digest of an image's upper left part.

    Args:
        image: shape (H, W, 3), [0, 255].
        width: of the part.
        height: of the part.

    Returns:
        16 hexadecimal digits of the SHA-256 of "WxH" and the part's bytes.
    """
    part = np.ascontiguousarray(image[:height, :width])
    return hashlib.sha256(f"{width}x{height}".encode() + part.tobytes()).hexdigest()[:16]


def _verify(benchmark: BenchmarkSet, folder: Path, shown: Path) -> None:
    """Check the files of a folder; errors name the folder `shown`."""
    try:
        files = benchmark_files(benchmark, folder, headers=benchmark.images)
        known = {name: item for item in benchmark.known for name in (item.name, item.title)}
        for path in files:
            item = known.get(path.stem)
            if item is None:
                continue
            part = shared_part((item.width, item.height))
            found = part_digest(read_image(path), *part)
            if found != item.pixels:
                raise UserError(
                    f"{path}: not the pixels of {benchmark.name}'s {item.title}: the "
                    f"digest of its {part[0]}x{part[1]} upper left pixels is {found}, "
                    f"not {item.pixels}"
                )
    except UserError as error:
        raise UserError(str(error).replace(str(folder), str(shown))) from None


@contextmanager
def _put_in_place(folder: Path) -> Iterator[Path]:
    """Yield a folder beside `folder`; give it that name if the block succeeds.

    To be called by one process at a time.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.*"):  # by a program that was killed
        if left.is_dir() and re.fullmatch(r"\d+|unpacking", left.name.rpartition(".")[2]):
            shutil.rmtree(left)
    aside = folder.with_name(f".{folder.name}.unpacking")
    aside.mkdir()
    try:
        yield aside
        if folder.exists():
            folder.rmdir()  # empty, or fetch_set would not have started
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _require_space(benchmark: BenchmarkSet, data_root: Path) -> None:
    """Refuse a download that cannot fit: the archives, and as much again unpacked.

    Raises:
        UserError: how much is needed and how much is free.
    """
    data_root.mkdir(parents=True, exist_ok=True)
    needed = 2 * sum(archive.megabytes for archive in benchmark.archives)
    free = shutil.disk_usage(data_root).free / 1e6
    if free < needed:
        raise UserError(
            f"{data_root}: {benchmark.name} needs {needed / 1e3:.1f} GB while it is "
            f"unpacked, {free / 1e3:.1f} GB are free"
        )


def _serves_others(benchmark: BenchmarkSet) -> bool:
    """Return whether another set comes out of the same archives."""
    mine = {benchmark.address(archive) for archive in benchmark.archives}
    others = (item for item in benchmark_sets().values() if item.name != benchmark.name)
    return any(other.address(archive) in mine for other in others for archive in other.archives)

"""Image folders: found, listed and checked before anything is planned."""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from dasr.config.benchmarks import BenchmarkSet, Size, benchmark_at
from dasr.config.image_file import open_image, require_regular
from dasr.config.schema import ImageSetConfig
from dasr.errors import UserError

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
CONTROL = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories: control characters, bytes that are no UTF-8, line separators."""
HEADERS = 500
"""Sizes are read before anything is planned for sets of at most this many images; of a
larger set they are checked once it is packed (`check_data`)."""


def image_files(image_set: ImageSetConfig, data_root: Path) -> list[Path]:
    """Return the files of a set with source "folder"; no files for other sources.

    Raises:
        UserError: the folder is missing, or holds no image file, or not an image that
            is named; or it is the folder of one of the field's sets and holds another
            number or other sizes of images.
    """
    if image_set.source != "folder":
        return []
    folder = data_root / image_set.folder
    benchmark = benchmark_at(image_set.folder)
    files = list_images(folder) if benchmark is None else benchmark_files(benchmark, folder)
    for key in ("exclude", "only"):
        unknown = sorted(set(getattr(image_set, key)) - {path.stem for path in files})
        if unknown:
            raise UserError(f"{folder}: {key}: no image is called {_first(unknown)}")
    unusable = [path.name for path in files if not _is_text(path.name)]
    if unusable:
        raise UserError(
            f"{folder}: {unusable[0]!r}: line breaks, other control characters and what is not "
            "UTF-8 have no place in a table: rename it"
        )
    return [path for path in files if image_set.takes(path.stem)]


def relative_root(data_root: str) -> Path:
    """Return the folder of all image sets as a path that does not depend on its spelling.

    Below the working directory it is relative, so that `data`, `./data` and the absolute
    path of the same folder are the same input of the workflow.
    """
    path = Path(os.path.abspath(data_root))
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def list_images(folder: Path) -> list[Path]:
    """Return the image files of a folder, sorted by name.

    Raises:
        UserError: the folder is missing, or holds no image file, or something that is
            named like one and is none, such as a folder, a pipe or a link to nothing.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such image folder")
    files = _listed(folder)
    if not files:
        raise UserError(f"{folder}: no image; looked for {', '.join(SUFFIXES)}")
    doubled = [stem for stem, n in Counter(path.stem for path in files).items() if n > 1]
    if doubled:
        raise UserError(f"{folder}: two images are called {doubled[0]!r}")
    return files


def benchmark_files(
    benchmark: BenchmarkSet, folder: Path, *, headers: int = HEADERS
) -> list[Path]:
    """Return the image files of one of the field's sets, sorted by name.

    Args:
        benchmark: what should be there.
        folder: where.
        headers: sizes are read from the files of a set of at most this many images.

    Raises:
        UserError: the folder is missing, images are missing or too many, or one has
            another size than the set's.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such image folder; {benchmark.remedy}")
    files = _listed(folder)
    if len(files) != benchmark.images:
        raise UserError(f"{folder}: holds {_difference(benchmark, files)}")
    files = list_images(folder)
    if len(files) <= headers:
        check_sizes(benchmark, ((path, _size(path)) for path in files))
    return files


def is_complete(benchmark: BenchmarkSet, folder: Path) -> bool:
    """Return whether one of the field's sets is there; an empty folder is none.

    Raises:
        UserError: the folder holds something else.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return False
    try:
        benchmark_files(benchmark, folder)
    except UserError as error:
        raise UserError(
            f"{error}; nothing of yours is overwritten: move the folder away first"
        ) from None
    return True


def check_sizes(benchmark: BenchmarkSet, sizes: Iterable[tuple[Path, Size]]) -> None:
    """Refuse images that have another size than those of the set.

    Args:
        benchmark: the set.
        sizes: file, and its width and height, of each image.

    Raises:
        UserError: the file, the size found and the size expected.
    """
    for path, size in sizes:
        wrong = benchmark.size_error(path.stem, size)
        if wrong:
            raise UserError(f"{path}: {wrong}")


def _is_text(name: str) -> bool:
    """Return whether a file name can be written as one line of UTF-8 text."""
    return not {unicodedata.category(character) for character in name} & CONTROL


def _listed(folder: Path) -> list[Path]:
    """Return what is named like an image, sorted by name; hidden files are left out.

    Hidden are macOS's `._a.png` and files that are still being written. A link to nothing
    is refused and not left out: the set would be smaller than its folder says.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {error.strerror}") from None
    files = [
        path
        for path in entries
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    ]
    for path in files:
        require_regular(path)
    return files


def _difference(benchmark: BenchmarkSet, files: list[Path]) -> str:
    """Return e.g. "9 of 14 images; missing img_003, ..."."""
    stems = {path.stem for path in files}
    if len(files) > benchmark.images:
        others = sorted(stems - set(benchmark.stems)) if benchmark.stems else []
        text = f"{len(files)} images, {benchmark.name} has {benchmark.images}"
        return text + ("; not of it: " + _first(others) if others else "")
    text = f"{len(files)} of {benchmark.images} images"
    missing = benchmark.missing(stems) if stems else []
    return text + (f"; missing {_first(missing)}" if missing else "") + f"; {benchmark.remedy}"


def _first(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _size(path: Path) -> Size:
    """Return an image file's width and height; its pixels are not read."""
    with open_image(path) as image:
        return image.size

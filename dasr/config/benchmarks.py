"""The image sets of the field as data (benchmarks.yaml): where they lie, what is in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from dasr.config.checks import require
from dasr.config.strict import from_dict
from dasr.config.yaml_files import read_yaml

CROPS = 12
"""HR images may be cropped to multiples of any number up to this (2, 3, 4, 8 and 12 are
customary); both sides to the same one, so that a crop is told apart from another image."""

LARGER, UNPACKED, SLACK = 1.1, 1.25, 1_000_000
"""An archive may be a tenth and a megabyte larger than declared, and its images a quarter
and a megabyte: declared sizes are rounded, and images hardly compress."""

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A file to download: an archive of images, or one image."""

    url: str
    """Absolute, or below the set's `base`."""
    megabytes: float
    """Size of the download in millions of bytes, rounded."""
    sha256: str | None
    """A published digest; None where none was found."""
    md5: str | None = None
    """A published digest."""
    members: str = ""
    """Of an archive: which files to take, e.g. HR/*.png."""
    save_as: str = ""
    """Of a single image: its file name in the set."""

    def __post_init__(self) -> None:
        """Refuse digests that cannot be such, and downloads without a use."""
        for name, digits in (("sha256", 64), ("md5", 32)):
            value = getattr(self, name)
            require(
                value is None or re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None,
                f"{name}: {value!r} is not {digits} hexadecimal digits",
            )
        require(bool(self.members) != bool(self.save_as), "needs either members or save_as")

    @property
    def most_bytes(self) -> int:
        """More are not downloaded."""
        return int(self.megabytes * 1e6 * LARGER) + SLACK

    @property
    def most_unpacked(self) -> int:
        """More bytes are not unpacked."""
        return int(self.megabytes * 1e6 * UNPACKED) + SLACK

    @property
    def published(self) -> bool:
        """Whether a digest is published to check the download by."""
        return bool(self.sha256 or self.md5)


@dataclass(frozen=True, kw_only=True)
class KnownImage:
    """An image of a small set."""

    name: str
    """File stem."""
    title: str
    """What the field calls it, which may be the file stem too."""
    width: int
    height: int
    pixels: str
    """Digest of the upper left part that all crops share (`shared_part`)."""


@dataclass(frozen=True, kw_only=True)
class BenchmarkSet:
    """An image set of the field."""

    name: str
    folder: str
    """Path below `data_root`."""
    images: int
    """How many."""
    page: str
    licence: str
    note: str
    base: str = ""
    """What the archives' addresses are relative to."""
    archives: tuple[Archive, ...] = ()
    request: str = ""
    """Of a set that cannot be downloaded: where to ask for it."""
    names: tuple[str, ...] = ()
    """File stems; empty where they are not known."""
    known: tuple[KnownImage, ...] = ()
    sizes: tuple[Size, ...] = ()
    """Sizes that images may have; empty where images are told apart, or none is known."""
    longer_side_above: int = 0
    """The longer side must exceed this number of pixels."""

    def __post_init__(self) -> None:
        """Refuse a set whose parts contradict each other."""
        for names in (self.names, self.known):
            require(len(names) in (0, self.images), f"{len(names)} names, {self.images} images")
        require(bool(self.archives) != bool(self.request), "needs either archives or request")

    @property
    def stems(self) -> tuple[str, ...]:
        """File stems of the images, in order; empty where they are not known."""
        return self.names or tuple(image.name for image in self.known)

    @property
    def remedy(self) -> str:
        """What to do to have the set."""
        if self.request:
            return f"ask for it at {self.request} and put its {self.images} images there"
        return f"get it with: make data SETS={self.name}"

    def address(self, archive: Archive) -> str:
        """Return the absolute address of one of the set's archives."""
        return archive.url if "://" in archive.url else self.base + archive.url

    def missing(self, stems: set[str]) -> list[str]:
        """Return the names that are not among some stems, in the stems' own naming.

        Returns:
            an empty list where names are not known, or the stems are named otherwise.
        """
        for naming in (self.stems, tuple(image.title for image in self.known)):
            if stems <= set(naming):
                return [name for name in naming if name not in stems]
        return []

    def size_error(self, stem: str, found: Size) -> str:
        """Return what is wrong with the size of the image `stem`, or nothing.

        An image may have its original size, or be cropped to multiples of a number up to
        `CROPS`. An image of unknown name must fit any size of the set.
        """
        width, height = found
        if max(found) <= self.longer_side_above:
            rule = f"have a longer side above {self.longer_side_above}"
            return f"is {width}x{height}; HR images of {self.name} {rule}"
        owned = [image for image in self.known if stem in (image.name, image.title)]
        sizes = self.sizes or tuple((i.width, i.height) for i in owned or self.known)
        if not sizes or any(is_crop(found, full) for full in sizes):
            return ""
        whose = owned[0].title if owned else "an image"
        wanted = " or ".join(f"{w}x{h}" for w, h in dict.fromkeys(sizes))
        crop = f"or a crop of that to multiples of at most {CROPS}"
        return f"is {width}x{height}; {whose} of {self.name} is {wanted}, {crop}"


def is_crop(found: Size, full: Size) -> bool:
    """Return whether a size is that of an image cropped to multiples of 1, 2, ... or 12."""
    return any(
        found == (full[0] - full[0] % unit, full[1] - full[1] % unit)
        for unit in range(1, CROPS + 1)
    )


def shared_part(size: Size) -> Size:
    """Return width and height of the upper left part that is in every crop of an image."""
    return size[0] - CROPS + 1, size[1] - CROPS + 1


@cache
def benchmark_sets() -> Mapping[str, BenchmarkSet]:
    """Return the image sets of the field by name."""
    path = Path(__file__).with_suffix(".yaml")
    entries = read_yaml(path)
    found = {}
    for name, entry in entries.items():
        names = [stem for item in entry.get("names", "").split() for stem in _run(item)]
        data = {**entry, "name": name, "names": names}
        found[name] = from_dict(BenchmarkSet, data, f"{path.name}: {name}")
    return MappingProxyType(found)


def benchmark_at(folder: str) -> BenchmarkSet | None:
    """Return the set that lies at a path below `data_root`, if it is one of the field's."""
    path = PurePosixPath(folder)
    every = benchmark_sets().values()
    return next((item for item in every if PurePosixPath(item.folder) == path), None)


def _run(item: str) -> list[str]:
    """Return img_001, img_002, ... of "img_001..img_100", or the item itself."""
    first, dots, last = item.partition("..")
    if not dots:
        return [item]
    digits = len(first) - len(first.rstrip("0123456789"))
    prefix = first[: len(first) - digits]
    numbers = range(int(first[-digits:]), int(last[-digits:]) + 1)
    return [f"{prefix}{number:0{digits}d}" for number in numbers]

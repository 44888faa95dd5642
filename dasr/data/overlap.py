"""Test images in training sets: exact, resized, mirrored, turned, re-encoded or trimmed.

First, one matrix product correlates the hashes of all training images with those of all
test images under the eight flips and quarter turns. Pairs that correlate are then compared
in detail, over all ways to trim up to 5 % from each side of either image; only what agrees
there counts.

Measured on the 419 photographs of BSDS400, Set5 and Set14 (87,571 pairs, eight turns): two
different ones agree by 0.35 at most; an image and its JPEG at quality 30, its quarter size
or its copy trimmed by up to 5 % a side by at least 0.79.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dasr.data.packed import PackedImages
from dasr.data.thumbnails import (
    Floats,
    hashes,
    thumbnail,
    trimmed_areas,
    trimmed_details,
    whole_detail,
)
from dasr.errors import UserError
from dasr.pixels import turned

CANDIDATE = 0.4
"""Hashes that correlate more make a pair a candidate."""
AGREEMENT = 0.55
"""Candidates whose detail correlates more show the same picture."""
SAME_SIZE = 0.02
"""Trims are tried in steps of 2.5 %: the size is not known better than to this share."""
TURNS = {
    0: "",
    6: "turned by 90 degrees",
    3: "turned by 180 degrees",
    5: "turned by 270 degrees",
    2: "mirrored left to right",
    4: "mirrored and turned by 90 degrees",
    1: "mirrored top to bottom",
    7: "mirrored and turned by 270 degrees",
}
"""What makes the training image of the test image, against the clock, by the number of
`dasr.pixels.turned`; in the order in which they are tried."""


@dataclass(frozen=True)
class Pair:
    """A training image and a test image."""

    train: str
    test: str
    """Set and image, e.g. Set14/img_001."""
    agreement: float
    """Correlation of their detail: 1 for the same pixels."""
    relation: str
    """In words, e.g. "turned by 90 degrees, resized"."""


@dataclass(frozen=True)
class Overlap:
    """What a search found."""

    train_images: int
    test_images: int
    closest: Pair
    """The pair that agrees best."""
    shared: tuple[Pair, ...]
    """Pairs that show the same picture, best first."""


def require_disjoint(
    train: Sequence[PackedImages],
    test: Sequence[PackedImages],
    words: tuple[str, str] = ("training", "test"),
) -> Overlap:
    """Return what was compared, or refuse test images that are in a training set.

    Args:
        train: training sets.
        test: test sets.
        words: what both are called in the complaint.

    Raises:
        UserError: the closest such pair, and how the two are related.
    """
    found = find_overlap(train, test)
    if found.shared:
        pair, more = found.shared[0], len(found.shared) - 1
        others = f"; {more} more such pair{'s' if more > 1 else ''}" if more else ""
        raise UserError(
            f"{words[1]} image {pair.test} is in the {words[0]} set, as {pair.train}: "
            f"{pair.relation}, agreement {pair.agreement:.2f}{others}"
        )
    return found


def find_overlap(train: Sequence[PackedImages], test: Sequence[PackedImages]) -> Overlap:
    """Compare every training image with every test image.

    Args:
        train: training sets.
        test: test sets.
    """
    one, other = _Thumbnails(train), _Thumbnails(test)
    best = {(pair.train, pair.test): pair for pair in _same_pixels(one, other)}
    for row, column, turn in _candidates(hashes(one.grey), hashes(other.grey)):
        key = (one.names[row], other.names[column])
        if key in best and best[key].agreement == 1:
            continue
        pair = _compared(one, row, other, column, turn)
        if key not in best or pair.agreement > best[key].agreement:
            best[key] = pair
    ranked = sorted(best.values(), key=lambda pair: -pair.agreement)
    shared = tuple(pair for pair in ranked if pair.agreement > AGREEMENT)
    return Overlap(len(one.names), len(other.names), ranked[0], shared)


def summary(found: Overlap) -> dict[str, Any]:
    """Return what was compared as plain data, for the record."""
    return {
        "train_images": found.train_images,
        "test_images": found.test_images,
        "closest_train": found.closest.train,
        "closest_test": found.closest.test,
        "closest_agreement": round(found.closest.agreement, 4),
        "refused_above": AGREEMENT,
    }


class _Thumbnails:
    """What is kept of the images of some sets."""

    def __init__(self, sets: Sequence[PackedImages]) -> None:
        self.names = [f"{images.name}/{name}" for images in sets for name in images.names]
        rows = [row for images in sets for row in images.index.to_dict("records")]
        self.digests = [str(row["sha256"]) for row in rows]
        self.sizes = [(int(row["width"]), int(row["height"])) for row in rows]
        grey = [thumbnail(images[i]) for images in sets for i in range(len(images))]
        self.grey = np.stack(grey)


def _same_pixels(one: _Thumbnails, other: _Thumbnails) -> Iterator[Pair]:
    """Yield the pairs whose sizes and pixels are the same, flat images too."""
    same: dict[object, list[str]] = {}
    for name, digest, size in zip(one.names, one.digests, one.sizes, strict=True):
        same.setdefault((digest, size), []).append(name)
    for name, digest, size in zip(other.names, other.digests, other.sizes, strict=True):
        for train in same.get((digest, size), []):
            yield Pair(train, name, 1.0, "the same pixels")


def _candidates(one: Floats, other: Floats) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and turn of pairs whose hashes correlate, or else of the closest."""
    flat = one.reshape(len(one), -1)
    closest, found = -np.inf, (0, 0, 0)
    for turn in TURNS:
        correlation = flat @ turned(other, turn).reshape(len(other), -1).T
        for row, column in zip(*np.nonzero(correlation > CANDIDATE), strict=True):
            yield int(row), int(column), turn
        row, column = np.unravel_index(int(correlation.argmax()), correlation.shape)
        if correlation[row, column] > closest:
            closest, found = float(correlation[row, column]), (int(row), int(column), turn)
    if closest <= CANDIDATE:
        yield found


def _compared(one: _Thumbnails, row: int, other: _Thumbnails, column: int, turn: int) -> Pair:
    """Return a pair with its agreement over all ways to trim either image."""
    train, test = one.grey[row], turned(other.grey[column], turn)
    train_trimmed = np.tensordot(trimmed_details(train), whole_detail(test), 2)
    test_trimmed = np.tensordot(trimmed_details(test), whole_detail(train), 2)
    areas = trimmed_areas()
    if train_trimmed.max() >= test_trimmed.max():
        area = areas[train_trimmed.argmax()]
    else:
        area = 1 / areas[test_trimmed.argmax()]
    # sides of the training image over those of the same part of the test image
    pixels = np.prod(one.sizes[row]) * area / np.prod(other.sizes[column])
    parts = [
        TURNS[turn],
        "resized" if abs(np.sqrt(pixels) - 1) > SAME_SIZE else "",
        "" if area == 1 else "trimmed" if area > 1 else "with a wider margin",
    ]
    relation = ", ".join(part for part in parts if part) or "the same picture, other pixels"
    agreement = float(max(train_trimmed.max(), test_trimmed.max()))
    return Pair(one.names[row], other.names[column], agreement, relation)

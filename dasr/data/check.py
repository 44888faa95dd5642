"""What must hold of a study's image sets before anything is trained."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dasr.config.benchmarks import benchmark_at
from dasr.config.folders import check_sizes
from dasr.data.overlap import require_disjoint, summary
from dasr.data.packed import PackedImages


def check_sets(
    train: Sequence[PackedImages],
    test: Sequence[PackedImages],
    folders: Mapping[str, Mapping[str, str]],
    data_root: Path,
) -> dict[str, Any]:
    """Return the digests of all sets and what was compared, as plain data.

    Args:
        train: training sets.
        test: test sets.
        folders: under "train" and "test", by name, where below `data_root` those sets lie
            that are folders.
        data_root: folder of all image sets.

    Raises:
        UserError: an image of one of the field's sets has another size than it should,
            or a test image is in a training set.
    """
    for kind, sets in (("train", train), ("test", test)):
        for images in sets:
            _check_sizes(images, folders[kind].get(images.name), data_root)
    overlap = require_disjoint(train, test)
    return {
        "train": {images.name: images.digest for images in train},
        "test": {images.name: images.digest for images in test},
        "overlap": summary(overlap),
    }


def _check_sizes(images: PackedImages, folder: str | None, data_root: Path) -> None:
    """Refuse wrong sizes, also in sets that are too large to be looked at earlier."""
    benchmark = benchmark_at(folder) if folder else None
    if benchmark is None or folder is None:
        return
    rows = images.index.to_dict("records")
    sizes = (
        (data_root / folder / str(row["image"]), (int(row["width"]), int(row["height"])))
        for row in rows
    )
    check_sizes(benchmark, sizes)

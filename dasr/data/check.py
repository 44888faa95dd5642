"""What must hold of a study's image sets before anything is trained."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dasr.config.benchmarks import benchmark_at
from dasr.config.complaints import ImageDemands, ImageSize, complaints, refuse
from dasr.config.folders import check_sizes
from dasr.data.overlap import Overlap, require_disjoint, summary
from dasr.data.packed import PackedImages
from dasr.errors import UserError
from dasr.pixels import Pixels


def check_sets(
    sets: Mapping[str, Sequence[PackedImages]],
    demands: ImageDemands,
    folders: Mapping[str, Mapping[str, str]],
    data_root: Path,
) -> dict[str, Any]:
    """Return digests and numbers of images of all sets, and the closest pair, as plain data.

    Everything is checked before anything is refused: the log lists all of it.

    Args:
        sets: under "train", "validation" and "test".
        demands: what the study asks of the number and the sizes of its images.
        folders: by the same kinds and by name, where below `data_root` those sets lie that
            are folders.
        data_root: folder of all image sets.

    Raises:
        UserError: an image of one of the field's sets has another size than it should, an
            image is too small, a test set has too few crops, a test image has no detail,
            a test or validation image is in a training set, or a test image in a validation
            set.
    """
    found: list[str] = []
    for kind, of_kind in sets.items():
        for images in of_kind:
            found += _wrong_sizes(images, folders[kind].get(images.name), data_root)
    train, validation, test = (sets[kind] for kind in ("train", "validation", "test"))
    found += complaints(demands, _sizes(train), _sizes(test))
    found += [line for images in test for line in _flat(images, demands.scales)]
    overlap = _overlap(train, test, found)
    if validation:
        _overlap(train, validation, found, ("training", "validation"))
        _overlap(validation, test, found, ("validation", "test"))
    refuse(found, ", all in the log")
    assert overlap is not None
    return {
        **{kind: {one.name: one.digest for one in of_kind} for kind, of_kind in sets.items()},
        "images": {
            kind: {one.name: len(one.names) for one in of_kind}
            for kind, of_kind in sets.items()
        },
        "overlap": summary(overlap),
    }


def _overlap(
    train: Sequence[PackedImages],
    test: Sequence[PackedImages],
    found: list[str],
    words: tuple[str, str] = ("training", "test"),
) -> Overlap | None:
    """Return the closest pair; None where it is too close, with a line for it in `found`."""
    try:
        return require_disjoint(train, test, words)
    except UserError as error:
        found.append(str(error))
        return None


def is_flat(image: Pixels, scale: int) -> bool:
    """Return whether an image has one colour inside the border that metrics leave out.

    Bicubic enlargement then reproduces it exactly: its PSNR is infinite.

    Args:
        image: (H, W, 3), [0, 255].
        scale: what is cut to a multiple of it, and how many pixels a border has.
    """
    height, width = (side // scale * scale for side in image.shape[:2])
    inside = image[scale : height - scale, scale : width - scale]
    if not inside.size:
        return False
    first_row = inside[:1]
    return bool((first_row == inside[0, 0]).all()) and bool((inside == inside[0, 0]).all())


def _sizes(sets: Sequence[PackedImages]) -> dict[str, list[ImageSize]]:
    return {
        images.name: [
            ImageSize(str(row["image"]), int(row["height"]), int(row["width"]))
            for row in images.index.to_dict("records")
        ]
        for images in sets
    }


def _flat(images: PackedImages, scales: Sequence[int]) -> Iterator[str]:
    """Yield the images of a test set without any detail at one of some scales."""
    for number, name in enumerate(images.names):
        flat = [f"x{scale}" for scale in scales if is_flat(images[number], scale)]
        if flat:
            yield (
                f"test image {images.name}/{name} has no detail: one colour inside the border "
                f"that PSNR leaves out at {', '.join(flat)}, so that PSNR is infinite"
            )


def _wrong_sizes(images: PackedImages, folder: str | None, data_root: Path) -> Iterator[str]:
    """Yield wrong sizes, also in sets that are too large to be looked at earlier."""
    benchmark = benchmark_at(folder) if folder else None
    if benchmark is None or folder is None:
        return
    for row in images.index.to_dict("records"):
        size = (int(row["width"]), int(row["height"]))
        try:
            check_sizes(benchmark, [(data_root / folder / str(row["image"]), size)])
        except UserError as error:
            yield str(error)

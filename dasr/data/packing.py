"""Packing an image set: read or generated, written as pixels and index (`packed`)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from dasr.config import ImageSetConfig, image_files
from dasr.config.shipped import shipped_sets
from dasr.data.digests import pixels_digest, write_index
from dasr.data.images import read_image
from dasr.data.leaves import dead_leaves
from dasr.errors import UserError
from dasr.files import replacing
from dasr.pixels import Pixels


def read_set(config: ImageSetConfig, data_root: Path) -> Iterator[tuple[str, Pixels]]:
    """Yield name and pixels of each image of a set, (H, W, 3), [0, 255].

    Raises:
        UserError: a missing folder, an unreadable image, or one that a package ships and
            that is not the one of this project.
    """
    if config.source == "dead_leaves":
        for number in range(config.num_images):
            yield f"{number:05d}", dead_leaves(config.image_size, config.seed, number)
        return
    if config.source == "folder":
        for path in image_files(config, data_root):
            yield path.stem, read_image(path)
        return
    for image in shipped_sets()[config.source]:
        pixels = read_image(image.path())
        image.require_pixels(pixels_digest(pixels))
        yield image.name, pixels


def pack(name: str, images: Iterable[tuple[str, Pixels]], pixels: Path, index: Path) -> None:
    """Write an image set, given as pairs of name and (H, W, 3) pixels, to two files.

    Raises:
        UserError: the set is empty.
    """
    rows, offset = [], 0
    with replacing(pixels) as temporary_pixels, replacing(index) as temporary_index:
        with temporary_pixels.open("wb") as file:  # streamed: a set may exceed the memory
            for image, array in images:
                content = np.ascontiguousarray(array)
                file.write(content.data)
                sha = pixels_digest(content)
                rows.append((name, image, *array.shape[:2], offset, sha))
                offset += content.nbytes
        if not rows:
            raise UserError(f"image set {name!r} is empty")
        write_index(rows, temporary_index)

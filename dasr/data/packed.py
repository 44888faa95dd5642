"""Image sets as two files: all pixels in one flat array, and an index.

The array is memory-mapped, so that training reads patches of any image without loading
or decoding the set, and concurrent runs share one copy in memory. Opening a set compares all
its pixels with the index, and each line of the index with its own digest: 1.7 GB a second,
so 0.04 s for the default study's training images and 20 s for DF2K.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dasr.data.digests import index_digest, pixels_digest, read_index
from dasr.errors import UserError
from dasr.pixels import Pixels


@dataclass(frozen=True)
class PackedImages:
    """An image set on disk: `pixels` is flat, `index` has one row per image."""

    pixels: Pixels
    index: pd.DataFrame
    """Columns: set, image, height, width, offset, sha256 (of the pixels), line_sha256."""

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.index)

    def __getitem__(self, number: int) -> Pixels:
        """Return an image as a read-only view, shape (H, W, 3), [0, 255]."""
        row = self.index.iloc[number]
        height, width, offset = (int(row[key]) for key in ("height", "width", "offset"))
        flat = self.pixels[offset : offset + height * width * 3]
        return np.asarray(flat).reshape(height, width, 3)

    @property
    def name(self) -> str:
        """Name of the set."""
        return str(self.index["set"].iloc[0])

    @property
    def names(self) -> list[str]:
        """Names of the images, in order."""
        return [str(name) for name in self.index["image"]]

    @property
    def digest(self) -> str:
        """Digest of all pixels and sizes."""
        return index_digest(self.index)


def open_packed(pixels: Path, index: Path) -> PackedImages:
    """Return a packed set, verified; the pixels stay on disk.

    Raises:
        UserError: the pixels or the index are not what was packed.
    """
    rows = read_index(index)
    sizes = rows["height"] * rows["width"] * 3
    packed = pixels.stat().st_size
    if packed != sizes.sum():
        raise UserError(
            f"{pixels}: damaged: {packed} bytes, where {index} tells of {sizes.sum()}; "
            "delete both"
        )
    images = PackedImages(np.memmap(pixels, np.uint8, mode="r"), rows)
    for number, name in enumerate(images.names):
        if pixels_digest(images[number]) != rows["sha256"].iloc[number]:
            raise UserError(
                f"{pixels}: damaged: the pixels of image {name!r} are not what was packed; "
                "delete it"
            )
    return images

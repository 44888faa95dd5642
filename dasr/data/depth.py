"""Samples of 16 bits, exactly as a PNG or TIFF file holds them.

Pillow has no mode for 16-bit RGB: it keeps the upper byte of each sample and drops the
lower one. A second reading in the other byte order keeps the lower byte instead, so two
readings give the whole sample.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from dasr.config import open_image
from dasr.errors import UserError

Samples = NDArray[np.uint8] | NDArray[np.uint16]

BITS, PHOTOMETRIC, PLANES, SAMPLE_FORMAT = 258, 262, 284, 339
"""TIFF tags."""
WHITE_IS_ZERO, SEPARATE_PLANES, UNSIGNED = 0, 2, 1
OTHER_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
"""The last letter of Pillow's raw modes: big, little and the machine's own order."""
REMEDY = "save it with 8 or 16 bits a sample, as grey or RGB"


def deep_samples(file: Image.Image, path: Path) -> NDArray[np.uint16] | None:
    """Load an open image; return its samples if they have 16 bits, None if at most 8.

    Args:
        file: from `open_image`, not loaded yet.
        path: the same file.

    Returns:
        shape (H, W, C): grey, grey and alpha, RGB or RGBA; 0 is black.

    Raises:
        UserError: samples of other depths, signed or floating-point ones, or an order of
            16-bit samples that Pillow would take for another.
    """
    rawmode = raw_mode(file)
    tags = getattr(file, "tag_v2", {})
    if set(tags.get(SAMPLE_FORMAT, (UNSIGNED,))) != {UNSIGNED}:
        raise UserError(f"{path}: signed or floating-point samples: {REMEDY}")
    bits = tags.get(BITS, (16,) if file.format == "PNG" and ";16" in rawmode else (8,))
    if max(bits) <= 8:
        file.load()
        return None
    if set(bits) != {16}:
        raise UserError(f"{path}: {max(bits)} bits a sample: {REMEDY}")
    if tags.get(PLANES) == SEPARATE_PLANES:
        raise UserError(f"{path}: 16-bit samples in separate planes: save them interleaved")
    if rawmode.startswith("I;16"):
        file.load()
        grey = np.asarray(file).astype(np.uint16)[:, :, None]
        return 65535 - grey if tags.get(PHOTOMETRIC) == WHITE_IS_ZERO else grey
    return _in_two_readings(file, path, rawmode)


def _in_two_readings(file: Image.Image, path: Path, rawmode: str) -> NDArray[np.uint16]:
    kind, order = rawmode[:-1], rawmode[-1:]
    if kind in ("RGB;16", "RGBA;16"):
        lower = _read_as(path, kind + OTHER_ORDER[order])
    elif rawmode == "LA;16B":  # as many bits a pixel as RGBA, which keeps all four bytes
        lower = _read_as(path, "RGBA")[:, :, [1, 3]]
    else:
        raise UserError(f"{path}: 16-bit {rawmode.partition(';')[0]} samples: {REMEDY}")
    file.load()
    upper = np.asarray(file)
    if lower.shape[2] == 2:  # Pillow makes RGBA of grey and alpha
        upper = upper[:, :, [0, 3]]
    return np.asarray(upper.astype(np.uint16) << 8 | lower, np.uint16)


def _read_as(path: Path, rawmode: str) -> NDArray[np.uint8]:
    with open_image(path) as file:
        assert isinstance(file, ImageFile.ImageFile)
        file.tile = [tile._replace(args=_renamed(tile.args, rawmode)) for tile in file.tile]
        file.load()
        return np.asarray(file)


def raw_mode(file: Image.Image) -> str:
    """Return Pillow's name for how samples lie in a file not loaded yet; "" for none."""
    tiles = file.tile if isinstance(file, ImageFile.ImageFile) else []
    args = tiles[0].args if tiles else ""
    return str(args[0] if isinstance(args, tuple) and args else args or "")


def _renamed(args: Any, rawmode: str) -> Any:
    return (rawmode, *args[1:]) if isinstance(args, tuple) else rawmode

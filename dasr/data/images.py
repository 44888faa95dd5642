"""Image files in, RGB arrays out."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from dasr.config import open_image
from dasr.data.depth import Samples, deep_samples, raw_mode
from dasr.errors import UserError
from dasr.pixels import Pixels

ORIENTATION = 0x0112
"""EXIF tag: how to turn an image to look at it; 1 is not at all."""
KEY_UNITS = {"L;2": 85, "L;4": 17}
"""Pillow scales grey levels of 2 and 4 bits to 255, but not the level that is transparent."""


def read_image(path: Path) -> Pixels:
    """Return an image as RGB, shape (H, W, 3), [0, 255].

    Grey and palette images become RGB, samples of 16 bits are divided by 257 and rounded,
    CMYK is converted, an opaque alpha channel is dropped, and EXIF rotation is applied.

    Raises:
        UserError: the file is missing, no regular file or no whole image; it is an
            animation, has several pages, is (partly) transparent, or has samples other
            than unsigned ones of at most 8 or of 16 bits; the message names it.
    """
    with open_image(path) as file:
        unit = KEY_UNITS.get(raw_mode(file), 1)
        deep = deep_samples(file, path)
        samples: Samples = _samples(file) if deep is None else deep
        if _has_transparency(samples, _key(file, unit)):
            raise UserError(f"{path}: transparent pixels have no colour; flatten it")
        pixels = _without_alpha(_in_eight_bits(samples))
        # asked only now, since Pillow turns a TIFF while it loads it
        turn = file.getexif().get(ORIENTATION, 1)
    return pixels if turn == 1 else _turned(pixels, turn)


def _samples(image: Image.Image) -> Pixels:
    """Return what an image of at most 8 bits holds, (H, W, C): grey, RGB or RGBA."""
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))[:, :, None]
    in_palette = image.mode == "P" and "transparency" in image.info
    return np.asarray(image.convert("RGBA" if in_palette or "A" in image.getbands() else "RGB"))


def _key(image: Image.Image, unit: int) -> NDArray[np.int64] | None:
    """Return the one grey level or colour that is transparent, shape (1,) or (3,)."""
    key = image.info.get("transparency")
    if key is None or image.mode == "P":  # a palette's entries have alpha of their own
        return None
    return np.atleast_1d(key).astype(np.int64) * unit


def _has_transparency(samples: Samples, key: NDArray[np.int64] | None) -> bool:
    if key is not None:
        return bool((samples == key).all(axis=2).any())
    opaque = np.iinfo(samples.dtype).max
    return samples.shape[2] in (2, 4) and int(samples[:, :, -1].min()) < opaque


def _in_eight_bits(samples: Samples) -> Pixels:
    if samples.dtype == np.uint16:
        return np.rint(samples / 257).astype(np.uint8)
    return samples.astype(np.uint8, copy=False)


def _without_alpha(samples: Pixels) -> Pixels:
    """Return (H, W, 3) of (H, W, C): grey, grey and alpha, RGB or RGBA."""
    if samples.shape[2] < 3:
        return np.repeat(samples[:, :, :1], 3, axis=2)
    return samples if samples.shape[2] == 3 else np.ascontiguousarray(samples[:, :, :3])


def _turned(pixels: Pixels, turn: int) -> Pixels:
    image = Image.fromarray(pixels)
    image.getexif()[ORIENTATION] = turn
    return np.asarray(ImageOps.exif_transpose(image))

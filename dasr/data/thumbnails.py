"""Thumbnails that tell pictures apart: hashes for a first search, detail to confirm.

Thumbnails are grey and ignore proportions, so that turning an image turns its thumbnail.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter1d

from dasr.pixels import Pixels

Floats = NDArray[np.float32]

THUMBNAIL = 96
HASH = 16
COMPARED = 48
"""Sides in pixels of what is kept of an image, of its hash, and of what is compared."""
DETAIL = 2.0
"""Standard deviation, in pixels, of the blur that is subtracted: slow gradients, as in any
landscape, say nothing."""
TRIMS = (0.0, 0.025, 0.05)
"""Shares of a side that may be trimmed from each end."""
FLAT = 1e-3
"""Norm of the detail, in grey levels, below which an image has none."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def thumbnail(image: Pixels) -> Floats:
    """Return an image's grey thumbnail, shape (THUMBNAIL, THUMBNAIL), [0, 255].

    Args:
        image: shape (H, W, 3), [0, 255].
    """
    step = max(1, min(image.shape[:2]) // (3 * THUMBNAIL))  # three samples a pixel suffice
    small = Image.fromarray(np.ascontiguousarray(image[::step, ::step]))
    side = (THUMBNAIL, THUMBNAIL)
    small = small.resize(side, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(np.asarray(small, np.float32) @ LUMA, np.float32)


def hashes(thumbnails: Floats) -> Floats:
    """Return the detail of small thumbnails as unit vectors, or zeros of flat images.

    Args:
        thumbnails: shape (images, THUMBNAIL, THUMBNAIL).

    Returns:
        shape (images, HASH, HASH).
    """
    step = THUMBNAIL // HASH
    small = thumbnails.reshape(-1, HASH, step, HASH, step).mean((2, 4))
    blurred = gaussian_filter1d(small, DETAIL, axis=1, mode="nearest")
    return _unit(small - gaussian_filter1d(blurred, DETAIL, axis=2, mode="nearest"))


def whole_detail(grey: Floats) -> Floats:
    """Return the detail of a thumbnail as a unit vector, shape (COMPARED, COMPARED)."""
    cut, blurred = _windows()
    cut, blurred = cut[:COMPARED], blurred[:COMPARED]
    return _unit(cut @ grey @ cut.T - blurred @ grey @ blurred.T)


def trimmed_details(grey: Floats) -> Floats:
    """Return the detail of a thumbnail under all ways to trim it, as unit vectors.

    Returns:
        shape (ways, COMPARED, COMPARED), in the order of `trimmed_areas`.
    """
    cut, blurred = _windows()
    detail = cut @ grey @ cut.T - blurred @ grey @ blurred.T
    ways = len(TRIMS) ** 2
    split = detail.reshape(ways, COMPARED, ways, COMPARED).transpose(0, 2, 1, 3)
    return _unit(split.reshape(-1, COMPARED, COMPARED))


def trimmed_areas() -> Floats:
    """Return the share of the area that each way to trim leaves, shape (ways,)."""
    shares = np.array([1 - low - high for low in TRIMS for high in TRIMS], np.float32)
    return np.outer(shares, shares).ravel()


def _unit(detail: NDArray[np.floating]) -> Floats:
    """Return (..., H, W) arrays with mean 0 and norm 1, or 0 where there is no detail."""
    detail = detail - detail.mean((-1, -2), keepdims=True)
    norm = np.sqrt(np.square(detail).sum((-1, -2), keepdims=True))
    return np.asarray(np.where(norm > FLAT, detail / np.maximum(norm, FLAT), 0), np.float32)


@cache
def _windows() -> tuple[Floats, Floats]:
    """Return matrices that trim and reduce an axis of a thumbnail, and the same blurred.

    Returns:
        two arrays, shape (ways * COMPARED, THUMBNAIL); the first way trims nothing.
    """
    pixel, rows = np.arange(THUMBNAIL), []
    for low in TRIMS:
        for high in TRIMS:
            edges = np.linspace(low * THUMBNAIL, (1 - high) * THUMBNAIL, COMPARED + 1)
            upper = np.minimum(pixel + 1, edges[1:, None])
            inside = np.clip(upper - np.maximum(pixel, edges[:-1, None]), 0, None)
            rows.append(inside / inside.sum(1, keepdims=True))
    cut = np.stack(rows).astype(np.float32)
    blurred = gaussian_filter1d(cut, DETAIL, axis=1, mode="nearest")
    return cut.reshape(-1, THUMBNAIL), blurred.reshape(-1, THUMBNAIL)

"""Images in memory: arrays of grey levels, and what is done to them without torch."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB, (H, W, 3), [0, 255]."""
Number = TypeVar("Number", bound=np.generic)
TURNS = 8
"""Ways to lay a square upon itself: flips, transposes and quarter turns."""


@dataclass(frozen=True)
class Square:
    """A square of an LR image, in its pixels."""

    left: int
    top: int
    side: int

    def cut(self, image: Pixels, scale: int = 1) -> Pixels:
        """Return the square from an image `scale` times as large."""
        rows = slice(self.top * scale, (self.top + self.side) * scale)
        columns = slice(self.left * scale, (self.left + self.side) * scale)
        return image[rows, columns]


def crop_to_multiple(image: Pixels, scale: int) -> Pixels:
    """Return the image without its last rows and columns that the scale cannot divide."""
    height, width = (side // scale * scale for side in image.shape[:2])
    return image[:height, :width]


def turned(
    image: NDArray[Number], turn: int, axes: tuple[int, int] = (-2, -1)
) -> NDArray[Number]:
    """Return one of the eight flips and transposes of an image or of squares, as a view.

    Args:
        image: rows and columns are its `axes`.
        turn: from 0 to 7; bit 1 reverses the rows, bit 2 the columns, and then bit 4 swaps
            rows and columns.
        axes: of rows and columns.
    """
    rows, columns = axes
    if turn & 1:
        image = np.flip(image, rows)
    if turn & 2:
        image = np.flip(image, columns)
    return image.swapaxes(rows, columns) if turn & 4 else image


def busiest_squares(
    detail: NDArray[np.float64], side: int, count: int = 1, scale: int = 1
) -> list[Square]:
    """Return the squares with the most detail, the busiest first.

    Each next square is the busiest that overlaps none before it; where none is left, there
    are fewer than `count`.

    Args:
        detail: how much there is at each pixel of an image `scale` times as large as the
            squares', (H, W); what counts as detail is the caller's.
        side: of a square, in pixels of the squares' image.
        count: how many at most.
        scale: squares lie on the grid of every `scale`-th pixel.

    Raises:
        ValueError: a side that does not fit into the image.
    """
    height, width = (length // scale for length in detail.shape)
    if not 1 <= side <= min(height, width):
        raise ValueError(f"side {side} does not fit into an image of {width}x{height}")
    sums = _sums_of_squares(detail, side * scale)[::scale, ::scale]
    found: list[Square] = []
    while len(found) < count and np.isfinite(sums).any():
        top, left = map(int, np.unravel_index(int(sums.argmax()), sums.shape))
        found.append(Square(left, top, side))
        rows = slice(max(0, top - side + 1), top + side)
        sums[rows, max(0, left - side + 1) : left + side] = -np.inf
    return found


def _sums_of_squares(values: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return the sum over every square of a side, by its upper left corner."""
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side]
    return np.asarray(sums + total[:-side, :-side])

"""Where crops of an image are cut."""

import math


def crop_corners(height: int, width: int, size: int, count: int) -> list[tuple[int, int]]:
    """Return row and column of evenly spread square crops.

    There are fewer than `count` on a small image: corners coincide there, and a crop must
    not count twice.

    Args:
        height: of the LR image, in pixels; at least `size`.
        width: of the LR image.
        size: side of a crop.
        count: how many crops are wanted.
    """
    columns = max(1, round(math.sqrt(count * width / height)))
    rows = math.ceil(count / columns)
    ys, xs = _spread(height - size, rows), _spread(width - size, columns)
    return [(y, x) for y in ys for x in xs][:count]


def _spread(last: int, count: int) -> list[int]:
    """Return at most `count` whole numbers from 0 to `last`, evenly spread, all different."""
    step = last / (count - 1) if count > 1 else 0.0
    return sorted({round(number * step) for number in range(count)})

"""Where crops are cut: as NumPy spreads points, without NumPy."""

import math

import numpy as np

from dasr.config.embedded import crop_places


def _by_numpy(height: int, width: int, size: int, count: int) -> list[tuple[int, int]]:
    columns = max(1, round(math.sqrt(count * width / height)))
    rows = math.ceil(count / columns)
    ys = np.unique(np.linspace(0, height - size, rows).round().astype(int))
    xs = np.unique(np.linspace(0, width - size, columns).round().astype(int))
    return [(int(y), int(x)) for y in ys for x in xs][:count]


def test_places_are_those_of_linspace() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        size, count = (int(number) for number in rng.integers(1, 50, 2))
        height, width = (size + int(number) for number in rng.integers(0, 200, 2))
        expected = _by_numpy(height, width, size, count)
        assert crop_places(height, width, size, count) == expected


def test_an_image_as_small_as_a_crop_has_one() -> None:
    assert crop_places(48, 48, 48, 12) == [(0, 0)]

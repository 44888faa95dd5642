"""Squares of images: turned, and found by their detail."""

import numpy as np
import pytest

from dasr.pixels import TURNS, Square, busiest_squares, crop_to_multiple, turned


def test_crop_to_multiple_drops_the_last_rows_and_columns() -> None:
    image = np.arange(7 * 9 * 3).reshape(7, 9, 3).astype(np.uint8)
    assert np.array_equal(crop_to_multiple(image, 4), image[:4, :8])


def test_turns_are_all_different_and_keep_colours_together() -> None:
    image = np.arange(27).reshape(3, 3, 3)
    ways = [turned(image, turn, axes=(0, 1)) for turn in range(TURNS)]
    assert len({way.tobytes() for way in ways}) == TURNS
    for way in ways:
        assert sorted(map(tuple, way.reshape(-1, 3))) == sorted(
            map(tuple, image.reshape(-1, 3))
        )
    assert ways[1][0, 0].tolist() == image[2, 0].tolist()  # rows are reversed
    assert ways[2][0, 0].tolist() == image[0, 2].tolist()
    assert ways[5][0, 1].tolist() == image[1, 0].tolist()  # rows reversed, then swapped


@pytest.mark.parametrize("scale", [1, 3])
def test_the_busiest_square_has_the_largest_sum_on_the_grid(scale: int) -> None:
    detail = np.random.default_rng(0).random((18 * scale, 15 * scale))
    (found,) = busiest_squares(detail, 4, scale=scale)
    sums = {
        (top, left): found_in.sum()
        for top in range(18 - 4 + 1)
        for left in range(15 - 4 + 1)
        for found_in in [Square(left, top, 4).cut(detail, scale)]  # type: ignore[arg-type]
    }
    assert (found.top, found.left) == max(sums, key=lambda corner: sums[corner])


def test_squares_do_not_overlap_and_end_where_none_is_left() -> None:
    detail = np.random.default_rng(1).random((9, 13))
    squares = busiest_squares(detail, 4, count=50)
    covered = np.zeros(detail.shape, int)
    for square in squares:
        covered[square.top : square.top + 4, square.left : square.left + 4] += 1
    assert covered.max() == 1
    assert 2 <= len(squares) <= 6
    assert squares[0] == busiest_squares(detail, 4)[0]


def test_a_square_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="side 10 does not fit into an image of 12x9"):
        busiest_squares(np.zeros((9, 12)), 10)

"""Comparison sheets of real images, and where they look."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dasr.commands.sheet_figure import busiest_boxes
from dasr.pixels import Square
from tests.unit.reporting.drawn import plot_sheet

pytestmark = pytest.mark.usefixtures("unsaved")


def flat(height: int, width: int) -> np.ndarray:
    return np.full((height, width, 3), 100, np.uint8)


def test_the_busiest_box_holds_the_strongest_edges() -> None:
    image = flat(30, 40)
    image[12, 25] = (101, 100, 100)  # weak, in one channel
    image[5, 6] = 255
    first, second = busiest_boxes(image, 2, 8)
    for box, (row, column) in ((first, (5, 6)), (second, (12, 25))):
        # the pixel and both neighbours that its differences reach
        assert box.top <= row - 1
        assert row + 1 < box.top + 8
        assert box.left <= column - 1
        assert column + 1 < box.left + 8
    assert not _overlap(first, second)


def test_energy_by_brute_force() -> None:
    image = np.random.default_rng(0).integers(0, 256, (14, 17, 3), dtype=np.uint8)
    (box,) = busiest_boxes(image, 1, 5)

    def energy(top: int, left: int) -> float:
        total = 0.0
        for y in range(top, top + 5):
            for x in range(left, left + 5):
                for channel in range(3):
                    plane = image[:, :, channel].astype(float)
                    down = plane[min(y + 1, 13), x] - plane[max(y - 1, 0), x]
                    right = plane[y, min(x + 1, 16)] - plane[y, max(x - 1, 0)]
                    total += down**2 + right**2
        return total

    corners = [(top, left) for top in range(10) for left in range(13)]
    assert max(corners, key=lambda corner: energy(*corner)) == (box.top, box.left)


def test_boxes_do_not_overlap_and_end_where_no_room_is_left() -> None:
    image = np.random.default_rng(0).integers(0, 256, (50, 61, 3), dtype=np.uint8)
    boxes = busiest_boxes(image, 9, 20)
    assert 1 < len(boxes) < 9
    for number, box in enumerate(boxes):
        assert 0 <= box.left <= 41
        assert 0 <= box.top <= 30
        assert not any(_overlap(box, other) for other in boxes[:number])
    assert boxes[:2] == busiest_boxes(image, 2, 20)
    assert len(busiest_boxes(flat(9, 9), 4, 9)) == 1
    with pytest.raises(ValueError, match="side 10 does not fit into an image of 9x12"):
        busiest_boxes(flat(12, 9), 1, 10)


def _overlap(one: Square, other: Square) -> bool:
    return abs(one.left - other.left) < one.side and abs(one.top - other.top) < one.side


LR = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
BOXES = [Square(3, 5, 8), Square(20, 10, 8)]


def results(*titles: str, scale: int = 4) -> dict[str, np.ndarray]:
    """Return LR enlarged by repetition, each in a shade of its own."""
    large = LR.repeat(scale, axis=0).repeat(scale, axis=1)
    return {title: large // (number + 2) for number, title in enumerate(titles)}


def pixels(axes: Axes) -> np.ndarray:
    return np.asarray(axes.get_images()[0].get_array())


def test_a_row_a_box_and_a_column_a_result(tmp_path: Path) -> None:
    found = results("Bicubic", "DASR")
    figure = plot_sheet("street.jpg", LR, found, BOXES, tmp_path / "s")
    whole, *crops = figure.axes
    assert np.array_equal(pixels(whole), LR)
    assert whole.get_xlabel() == "street.jpg, 30x20 pixels"
    assert [axes.get_title() for axes in crops] == ["LR", "Bicubic", "DASR", "", "", ""]
    assert [crops[0].get_ylabel(), crops[3].get_ylabel()] == ["1", "2"]
    for number, (top, left) in enumerate([(5, 3), (10, 20)]):
        lr_crop, *own = crops[3 * number : 3 * number + 3]
        small = LR[top : top + 8, left : left + 8]
        assert np.array_equal(pixels(lr_crop), small.repeat(4, axis=0).repeat(4, axis=1))
        for axes, sr in zip(own, found.values(), strict=True):
            part = sr[4 * top : 4 * top + 32, 4 * left : 4 * left + 32]
            assert np.array_equal(pixels(axes), part)


def test_boxes_are_numbered_in_the_whole_image(tmp_path: Path) -> None:
    whole = plot_sheet("a", LR, results("Bicubic"), BOXES, tmp_path / "s").axes[0]
    assert [text.get_text() for text in whole.texts] == ["1", "2"]
    bounds = [box.get_bbox().bounds for box in whole.patches if isinstance(box, Rectangle)]
    assert bounds == [(2.5, 4.5, 8.0, 8.0), (19.5, 9.5, 8.0, 8.0)]


@pytest.mark.parametrize("count", [2, 7])
@pytest.mark.parametrize("shape", [(20, 60), (60, 20)])
def test_nothing_overlaps(tmp_path: Path, count: int, shape: tuple[int, int]) -> None:
    lr_image = flat(*shape)
    large = {f"A long title {n}": flat(2 * shape[0], 2 * shape[1]) for n in range(count)}
    boxes = [Square(0, 0, 10), Square(10, 0, 10), Square(0, 10, 10)]
    figure = plot_sheet("a_photo.png", lr_image, large, boxes, tmp_path / "s")
    figure.draw_without_rendering()
    inches = figure.dpi_scale_trans.inverted()
    images = [axes.get_images()[0].get_window_extent() for axes in figure.axes]
    texts = [
        text.get_window_extent()
        for axes in figure.axes
        for text in (axes.title, axes.xaxis.label, axes.yaxis.label)
        if text.get_text()
    ]
    found = [box.transformed(inches) for box in (*images, *texts)]
    width, height = figure.get_size_inches()
    for number, one in enumerate(found):
        assert one.x0 >= -0.001
        assert one.x1 <= width + 0.001
        assert one.y0 >= -0.001
        assert one.y1 <= height + 0.001
        for other in found[:number]:
            wide = min(one.x1, other.x1) - max(one.x0, other.x0)
            high = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert min(wide, high) < 0.01


def test_sheets_that_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no result or no box"):
        plot_sheet("a", LR, {}, BOXES, tmp_path / "s")
    with pytest.raises(ValueError, match="no result or no box"):
        plot_sheet("a", LR, results("Bicubic"), [], tmp_path / "s")
    with pytest.raises(ValueError, match="'Bicubic': 61x40 is no multiple of 30x20"):
        plot_sheet("a", LR, {"Bicubic": flat(40, 61)}, BOXES, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []

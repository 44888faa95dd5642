"""Crops with the whole image before them, and more methods than fit into one line."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from dasr.reporting.figures.crops import Example
from tests.unit.reporting.drawn import plot_crops
from tests.unit.reporting.items import TITLES
from tests.unit.reporting.pictures import example

pytestmark = pytest.mark.usefixtures("unsaved")

NETWORKS = {f"m{number}": f"Method {number}" for number in range(1, 9)}


def with_whole(image: str, shape: tuple[int, int] = (40, 80)) -> Example:
    whole = np.full((*shape, 3), 200, np.uint8)
    return replace(example(image), whole=whole, box=(0.25, 0.5, 0.125, 0.25))


def of_methods(one: Example, count: int) -> Example:
    methods = list(NETWORKS)[:count]
    sr = {method: np.full((24, 24, 3), 10 * int(method[1:]), np.uint8) for method in methods}
    psnr = {method: 20.0 + int(method[1:]) for method in methods}
    return replace(one, sr=sr, psnr_y_db=psnr)


def grey(axes: Axes) -> int:
    return int(np.asarray(axes.get_images()[0].get_array())[0, 0, 0])


def places(figure: Figure) -> list[Bbox]:
    """Return where each image is, in inches from the lower left corner."""
    figure.draw_without_rendering()
    return [
        axes.get_images()[0].get_window_extent().transformed(figure.dpi_scale_trans.inverted())
        for axes in figure.axes
    ]


def test_the_whole_image_comes_first_with_a_box_around_the_crop(tmp_path: Path) -> None:
    figure = plot_crops([with_whole("a"), with_whole("b")], TITLES, tmp_path / "c")
    assert len(figure.axes) == 2 * 7
    whole, lr_image = figure.axes[:2]
    assert grey(whole) == 200
    (box,) = whole.patches
    assert isinstance(box, Rectangle)
    # of 80x40 pixels, the first pixel's centre at 0: left 20, top 20, 10 wide, 10 high
    assert box.get_bbox().bounds == pytest.approx((19.5, 19.5, 10.0, 10.0))
    assert not box.get_clip_on()
    assert whole.get_xlabel() == "a"
    assert lr_image.get_ylabel() == ""
    assert lr_image.get_title() == "LR"
    assert figure.axes[7].get_xlabel() == "b"


def test_crops_are_squares_side_by_side_right_of_the_whole_image(tmp_path: Path) -> None:
    figure = plot_crops([with_whole("a")], TITLES, tmp_path / "c")
    whole, *crops = places(figure)
    assert whole.width / whole.height == pytest.approx(2.0, rel=1e-3)
    for before, after in zip([whole, *crops], crops, strict=False):
        assert 0.0 < after.x0 - before.x1 < 0.1
    for crop in crops:
        assert crop.width == pytest.approx(crop.height, rel=1e-6)
        assert crop.y1 == pytest.approx(crops[0].y1, abs=1e-6)
    assert crops[-1].x1 <= 7.16
    assert whole.y1 == pytest.approx(crops[0].y1, abs=1e-6)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("count", "rows"), [(6, 1), (7, 2), (8, 2)])
def test_more_than_six_methods_are_wrapped(
    tmp_path: Path, count: int, rows: int, whole: bool
) -> None:
    one = of_methods(with_whole("a", (64, 64)) if whole else example("a"), count)
    titles = {method: NETWORKS[method] for method in one.sr}
    figure = plot_crops([one], titles, tmp_path / "c")
    drawn = figure.axes[1:] if whole else figure.axes
    heads = [axes.get_title() for axes in drawn]
    assert heads == ["LR", *titles.values(), "HR"]
    assert [grey(axes) for axes in drawn[1:]] == [10 * n for n in range(1, count + 1)] + [99]
    found = places(figure)
    crops = found[1:] if whole else found
    assert len({round(crop.y1, 3) for crop in crops}) == rows
    assert min(crop.width for crop in crops) > 0.7
    if whole and rows == 2:  # spans both lines
        assert found[0].height > 1.9 * crops[0].height


def test_every_line_of_every_image_has_its_titles(tmp_path: Path) -> None:
    examples = [of_methods(with_whole(name), 8) for name in "ab"]
    figure = plot_crops(examples, NETWORKS, tmp_path / "c")
    heads = [axes.get_title() for axes in figure.axes]
    assert heads == ["", "LR", *NETWORKS.values(), "HR"] * 2


@pytest.mark.parametrize("count", [3, 6, 8])
def test_no_text_lies_over_another_or_over_an_image(tmp_path: Path, count: int) -> None:
    examples = [of_methods(with_whole(name, (90, 60)), count) for name in ("first", "second")]
    titles = {method: f"A rather long title, {method}" for method in examples[0].sr}
    figure = plot_crops(examples, titles, tmp_path / "c")
    images = places(figure)
    inches = figure.dpi_scale_trans.inverted()
    texts = [
        text.get_window_extent().transformed(inches)
        for axes in figure.axes
        for text in (axes.title, axes.xaxis.label)
        if text.get_text()
    ]
    for number, text in enumerate(texts):
        assert text.y0 >= 0
        assert text.y1 <= figure.get_size_inches()[1]
        others = [*images, *texts[:number]]
        assert not any(_overlap(text, other) for other in others)


def _overlap(one: Bbox, other: Bbox) -> bool:
    slack = 0.01
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > slack and high > slack


def test_a_long_degradation_is_broken_at_its_comma(tmp_path: Path) -> None:
    one = of_methods(example("a"), 6)
    figure = plot_crops([one], {m: NETWORKS[m] for m in one.sr}, tmp_path / "c")
    assert figure.axes[0].get_xlabel() == "width 2.4,\nnoise 10"


def test_whole_image_and_box_go_together(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'a': whole and box go together"):
        replace(example("a"), box=(0.0, 0.0, 0.5, 0.5))
    with pytest.raises(ValueError, match="some examples lack their whole image"):
        plot_crops([with_whole("a"), example("b")], TITLES, tmp_path / "c")
    assert list(tmp_path.iterdir()) == []

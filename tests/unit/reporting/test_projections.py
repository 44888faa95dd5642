"""t-SNE of chosen tasks, and of classes that have names instead of an order."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from dasr.reporting.drawing.projections import Projection
from dasr.reporting.drawing.style import COLOURS
from tests.unit.reporting.drawn import plot_tsne, plot_tsne_tasks
from tests.unit.reporting.items import TITLES
from tests.unit.reporting.pictures import projection

pytestmark = pytest.mark.usefixtures("unsaved")

NAMES = ("2,1,10deg", "3.5,1.5,30deg", "4")


def named(names: tuple[str, ...] = NAMES) -> Projection:
    """Return five points a class, class i around (i, i)."""
    plain = projection(*range(len(names)))
    return Projection(plain.coordinates, plain.label, plain.scores, names)


def legend_texts(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def colours_by_class(axes: Axes, one: Projection) -> dict[float, tuple[float, ...]]:
    """Return the colour of each class, found by where its points are."""
    found: dict[float, set[tuple[float, ...]]] = {}
    for dots in axes.collections:
        pairs = zip(np.asarray(dots.get_offsets()), dots.get_facecolors(), strict=True)
        for place, colour in pairs:
            at = np.flatnonzero((one.coordinates == place.astype(np.float32)).all(axis=1))
            found.setdefault(float(one.label[at[0]]), set()).add(tuple(colour[:3]))
    assert all(len(colours) == 1 for colours in found.values())
    return {label: colours.pop() for label, colours in found.items()}


def test_one_task_of_two_methods_is_fig_3(tmp_path: Path) -> None:
    widths = {"kernel_width": projection(0.2, 1.2, 2.2, 3.2, 4.0), "noise_level": projection(0)}
    found = {"dasr": widths, "no_ca": widths, "oracle": widths}
    titles = {"no_ca": "Model 1", "dasr": "Model 4"}
    figure = plot_tsne(found, titles, tmp_path / "t", tasks=["kernel_width"])
    assert [axes.get_title() for axes in figure.axes] == ["Model 1", "Model 4"]
    assert legend_texts(figure.axes[1]) == ["0.2", "1.2", "2.2", "3.2", "4"]
    assert figure.get_size_inches()[0] == 3.5


def test_rows_follow_the_tasks_asked_for(tmp_path: Path) -> None:
    both = {"kernel_width": projection(1, 2), "noise_level": projection(0, 5)}
    tasks = ["noise_level", "kernel_width"]
    figure = plot_tsne({"dasr": both}, TITLES, tmp_path / "t", tasks=tasks)
    assert [legend_texts(axes) for axes in figure.axes] == [["0", "5"], ["1", "2"]]
    with pytest.raises(ValueError, match=r"no projections of \['kernel'\]"):
        plot_tsne({"dasr": both}, TITLES, tmp_path / "t", tasks=["kernel"])


def test_named_classes_have_a_palette_without_order(tmp_path: Path) -> None:
    one = named()
    figure = plot_tsne({"dasr": {"kernel": one}}, TITLES, tmp_path / "t")
    found = colours_by_class(figure.axes[0], one)
    expected = {place: to_rgba(COLOURS[place])[:3] for place in range(3)}
    assert found.keys() == expected.keys()
    for label, colour in found.items():
        assert colour == pytest.approx(expected[int(label)])
    assert legend_texts(figure.axes[0]) == ["2, 1, 10°", "3.5, 1.5, 30°", "4"]
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert "angle" in legend.get_title().get_text()


def test_more_classes_than_colours_change_the_marker(tmp_path: Path) -> None:
    nine = named(tuple(f"{number},1,10deg" for number in range(1, 10)))
    axes = plot_tsne({"dasr": {"kernel": nine}}, TITLES, tmp_path / "t").axes[0]
    first, second = axes.collections
    assert [len(first.get_offsets()), len(second.get_offsets())] == [30, 15]
    assert not np.array_equal(first.get_paths()[0].vertices, second.get_paths()[0].vertices)
    legend = axes.get_legend()
    assert legend is not None
    looks = {(line.get_color(), line.get_marker()) for line in legend.get_lines()}
    assert len(looks) == 9


def test_a_missing_class_keeps_the_others_colours(tmp_path: Path) -> None:
    one = named()
    kept = one.label != 0
    part = Projection(one.coordinates[kept], one.label[kept], {}, NAMES)
    figure = plot_tsne({"dasr": {"kernel": part}}, TITLES, tmp_path / "t")
    found = colours_by_class(figure.axes[0], part)
    assert found[1.0] == pytest.approx(to_rgba(COLOURS[1])[:3])
    assert legend_texts(figure.axes[0]) == ["3.5, 1.5, 30°", "4"]


def test_labels_need_names(tmp_path: Path) -> None:
    plain = projection(0, 1, 2, 3)
    with pytest.raises(ValueError, match="are no indices in"):
        Projection(plain.coordinates, plain.label, {}, NAMES)
    found = {"dasr": {"kernel": named()}, "no_ca": {"kernel": named(("a", "b", "c"))}}
    with pytest.raises(ValueError, match="name its classes differently"):
        plot_tsne(found, TITLES, tmp_path / "t")


def test_tasks_of_one_method_are_fig_6_with_an_untrained_encoder_below(tmp_path: Path) -> None:
    kernels, noise = named(), projection(0, 5, 10, 15)
    found = {"kernel": kernels, "noise_level": noise}
    both = {"DASR": found, "Untrained encoder": found}
    figure = plot_tsne_tasks(both, tmp_path / "t", caption="t-SNE")
    left, right, below_left, below_right, left_key, right_key = figure.axes
    assert [left.get_title(), right.get_title()] == ["(a) Kernels", "(b) Noise levels"]
    assert below_left.get_title() == "(c) Kernels"
    assert (left.get_ylabel(), right.get_ylabel()) == ("DASR", "")
    assert below_left.get_ylabel().split() == ["Untrained", "encoder"]
    assert legend_texts(left_key) == ["2, 1, 10°", "3.5, 1.5, 30°", "4"]
    assert legend_texts(right_key) == ["0", "5", "10", "15"]
    assert len(set(colours_by_class(left, kernels).values())) == 3
    assert colours_by_class(below_left, kernels) == colours_by_class(left, kernels)
    assert len(set(colours_by_class(right, noise).values())) == 4
    assert "ARI 0.50" in right.get_xlabel()
    assert figure.get_size_inches()[0] == 3.5
    figure.draw_without_rendering()
    for panel, key in ((below_left, left_key), (below_right, right_key)):
        legend = key.get_legend()
        assert legend is not None
        below, above = legend.get_window_extent(), panel.xaxis.label.get_window_extent()
        assert below.y1 <= above.y0
        assert below.y0 >= 0
        assert below.x0 >= 0
        assert below.x1 <= figure.bbox.x1

"""Figures of single networks: t-SNE, training curves, crops."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.unit.reporting.drawn import plot_crops, plot_curves, plot_tsne
from tests.unit.reporting.items import TITLES
from tests.unit.reporting.pictures import HISTORIES, SHARED, example, history, projection

pytestmark = pytest.mark.usefixtures("unsaved")


def test_tsne_has_a_row_a_task_and_a_column_a_method(tmp_path: Path) -> None:
    found = {
        "no_ca": {"kernel_width": projection(0.2, 1.2), "noise_level": projection(0, 5, 10)},
        "dasr": {"kernel_width": projection(0.2, 1.2), "noise_level": projection(0, 5, 10)},
    }
    figure = plot_tsne(found, TITLES, tmp_path / "tsne", caption="perplexity 30, seed 0")
    assert [axes.get_title() for axes in figure.axes[:2]] == ["DASR", "Without CA"]
    assert figure.get_suptitle() == "perplexity 30, seed 0"
    assert len(figure.axes) == 4
    assert "ARI 0.50" in figure.axes[0].get_xlabel()
    assert "silh. −0.12" in figure.axes[0].get_xlabel()
    legends = [axes.get_legend() for axes in (figure.axes[1], figure.axes[3])]
    shown = [[text.get_text() for text in legend.get_texts()] for legend in legends if legend]
    assert shown == [["0.2", "1.2"], ["0", "5", "10"]]


def test_tsne_colours_points_by_their_class(tmp_path: Path) -> None:
    one = projection(0.0, 10.0)
    figure = plot_tsne({"dasr": {"noise_level": one}}, TITLES, tmp_path / "tsne")
    dots = figure.axes[0].collections[0]
    offsets, colours = np.asarray(dots.get_offsets()), np.asarray(dots.get_facecolors())
    assert len(offsets) == 10
    high = offsets.mean(axis=1) > 5
    assert len(np.unique(colours[high], axis=0)) == len(np.unique(colours[~high], axis=0)) == 1
    assert (colours[high][0] != colours[~high][0]).any()
    assert not (np.diff(high.astype(int)) >= 0).all()  # not one class over the other


def test_tsne_leaves_a_gap_for_a_missing_task(tmp_path: Path) -> None:
    found = {
        "dasr": {"kernel_width": projection(1, 2), "noise_level": projection(0, 5)},
        "no_ca": {"kernel_width": projection(1, 2)},
    }
    figure = plot_tsne(found, TITLES, tmp_path / "tsne")
    assert [axes.axison for axes in figure.axes] == [True, True, True, False]


def test_tsne_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to draw: no projections"):
        plot_tsne({"dasr": {}}, TITLES, tmp_path / "tsne")


def curves(frame: pd.DataFrame, stem: Path) -> Figure:
    return plot_curves(frame, TITLES, stem)


def test_curves_are_means_over_seeds(tmp_path: Path) -> None:
    figure = curves(HISTORIES, tmp_path / "curves")
    encoder, contrastive, l1 = figure.axes
    thick = [line for line in encoder.get_lines() if line.get_linewidth() > 1]
    np.testing.assert_allclose(thick[0].get_ydata(), 7.0)
    thick = [line for line in contrastive.get_lines() if line.get_linewidth() > 1]
    assert len(thick) == 1  # the other method has no such loss
    np.testing.assert_allclose(thick[0].get_ydata(), 3.5)
    thick = [line for line in l1.get_lines() if line.get_linewidth() > 1]
    np.testing.assert_allclose(np.asarray(thick[0].get_ydata())[-20:], 5.5)
    assert l1.get_ylim()[1] < 20  # the first steps may leave the panel
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["DASR", "Without CA", SHARED, "chance, 9.00", "queue filled once"]


def test_chance_is_in_view_in_the_first_panel_and_flattens_no_other(tmp_path: Path) -> None:
    encoder, contrastive, _ = curves(HISTORIES, tmp_path / "curves").axes
    assert encoder.get_ylim()[1] > 9.0
    assert contrastive.get_ylim()[1] < 5.0


def test_a_study_without_encoder_stage_has_two_panels(tmp_path: Path) -> None:
    joint = HISTORIES[HISTORIES["stage"] == "joint"]
    figure = curves(joint, tmp_path / "curves")
    assert [axes.get_title() for axes in figure.axes] == ["Joint stage", "Joint stage"]
    figure = curves(joint[joint["method"] == "no_ca"], tmp_path / "one")
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["Without CA"]


def test_seeds_recorded_at_other_steps_are_brought_together(tmp_path: Path) -> None:
    first, second = history("dasr", "joint", 0, 4.0, 1.0), history("dasr", "joint", 1, 6.0, 3.0)
    second["step"] += 5
    _, l1 = curves(pd.concat([first, second]), tmp_path / "curves").axes
    mean = max(l1.get_lines(), key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(np.asarray(mean.get_ydata())[-20:], 5.0)


def test_curves_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to draw: no losses for Set2, x4"):
        curves(HISTORIES.iloc[:0], tmp_path / "curves")


def test_crops_are_in_order_lr_bicubic_networks_hr(tmp_path: Path) -> None:
    figure = plot_crops([example("a"), example("b")], TITLES, tmp_path / "crops")
    top = figure.axes[:6]
    heads = [axes.get_title() for axes in top]
    assert heads == ["LR", "Bicubic", "DASR", "Without CA", "Oracle", "HR"]
    values = [int(np.asarray(axes.get_images()[0].get_array())[0, 0, 0]) for axes in top[1:]]
    assert values == [30, 0, 10, 20, 99]
    below = [(axes.get_xlabel(), axes.xaxis.label.get_fontweight()) for axes in top[1:5]]
    assert below == [
        ("28.00 dB", "normal"),
        ("26.00 dB", "normal"),  # one crop ranks nothing
        ("25.00 dB", "normal"),
        ("27.00 dB", "normal"),
    ]
    assert [figure.axes[0].get_ylabel(), figure.axes[6].get_ylabel()] == ["a", "b"]


def test_the_lr_crop_is_enlarged_by_nearest_neighbours_with_its_kernel(tmp_path: Path) -> None:
    figure = plot_crops([example("a")], TITLES, tmp_path / "crops")
    shown = np.asarray(figure.axes[0].get_images()[0].get_array())
    assert shown.shape == (24, 24, 3)
    np.testing.assert_array_equal(shown[::4, ::4], example("a").lr_image)
    np.testing.assert_array_equal(shown[3::4, 3::4], example("a").lr_image)
    inset = figure.axes[0].child_axes[0]
    np.testing.assert_allclose(inset.get_images()[0].get_array(), np.eye(21) / 21)


def test_crops_need_examples(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no example images"):
        plot_crops([], TITLES, tmp_path / "crops")
    assert list(tmp_path.iterdir()) == []

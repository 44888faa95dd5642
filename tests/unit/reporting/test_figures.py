"""What figures show: data, legends, labels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from dasr.study import ReportCell
from tests.unit.reporting.drawn import plot_gain_heatmap, plot_paired, plot_psnr_vs_width
from tests.unit.reporting.frames import HALF, isotropic, paired, summary
from tests.unit.reporting.items import CELL, TITLES

pytestmark = pytest.mark.usefixtures("unsaved")

ANISOTROPIC = [(2.0, 0.2, 0.0), (4.0, 2.0, 135.0)]
GRID = summary(isotropic(1.0, 2.0, 3.0), [0.0, 5.0])


def labels(figure: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def test_psnr_and_gain_are_drawn_where_they_are(tmp_path: Path) -> None:
    figure = plot_psnr_vs_width(GRID, TITLES, tmp_path / "psnr", CELL)
    upper, lower = figure.axes[1], figure.axes[3]  # noise level 5
    assert upper.get_title() == "Noise level 5"
    drawn = {line.get_color(): line for line in upper.get_lines()}
    np.testing.assert_allclose(drawn["#0072B2"].get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(drawn["#0072B2"].get_ydata(), [25.5, 24.5, 23.5])
    np.testing.assert_allclose(drawn["black"].get_ydata(), [23.5, 22.5, 21.5])
    gains = [line.get_ydata() for line in lower.get_lines()[:3]]
    np.testing.assert_allclose(gains, np.repeat([[2.0], [1.5], [3.0]], 3, axis=1))
    band = lower.collections[1].get_paths()[0].vertices  # Without CA
    assert np.ptp(np.asarray(band)[:, 1]) == pytest.approx(2 * HALF["no_ca"])
    assert labels(figure) == list(TITLES.values())


def test_widths_are_sorted_along_the_axis(tmp_path: Path) -> None:
    frame = summary(isotropic(3.0, 1.0, 2.0), [0.0])
    line = plot_psnr_vs_width(frame, TITLES, tmp_path / "psnr", CELL).axes[0].get_lines()[0]
    np.testing.assert_allclose(line.get_xdata(), [1, 2, 3])
    np.testing.assert_allclose(line.get_ydata(), [26, 25, 24])


def test_anisotropic_kernels_are_categories_without_lines(tmp_path: Path) -> None:
    figure = plot_psnr_vs_width(
        summary(ANISOTROPIC, [0.0, 5.0]), TITLES, tmp_path / "psnr", CELL
    )
    upper, lower = figure.axes[0], figure.axes[2]
    ticks = [tick.get_text() for tick in lower.get_xticklabels()]
    assert ticks == ["2, 0.2, 0°", "4, 2, 135°"]
    assert {line.get_linestyle() for line in upper.get_lines()} == {"None"}
    assert labels(figure) == list(TITLES.values())


def test_a_single_kernel_is_points_since_lines_of_one_point_cannot_be_seen(
    tmp_path: Path,
) -> None:
    frame = summary(isotropic(0.0), [0.0, 5.0])
    figure = plot_psnr_vs_width(frame, TITLES, tmp_path / "psnr", CELL)
    lines = figure.axes[0].get_lines()
    assert {line.get_marker() for line in lines} >= {"o", "s", "^", "_"}
    assert len(figure.axes[0].containers) == len(TITLES)  # each with its interval


def test_nothing_is_written_when_there_is_nothing_to_draw(tmp_path: Path) -> None:
    nowhere = ReportCell("noise", 2, "Set2")
    with pytest.raises(ValueError, match="nothing to report"):
        plot_psnr_vs_width(GRID, TITLES, tmp_path / "a", nowhere)
    with pytest.raises(ValueError, match="nothing to report"):
        plot_gain_heatmap(GRID, TITLES, tmp_path / "b", nowhere, method="dasr")
    with pytest.raises(ValueError, match="nothing to report"):
        plot_paired(paired(isotropic(1.0), [0.0]), TITLES, tmp_path / "c", nowhere)
    assert list(tmp_path.iterdir()) == []


def test_the_heat_map_puts_every_number_in_its_cell(tmp_path: Path) -> None:
    frame = GRID.copy()
    cell = (frame["method"] == "dasr") & (frame["kernel"] == "3") & (frame["noise_level"] == 0)
    frame.loc[cell, "gain_db"] = -0.4
    figure = plot_gain_heatmap(frame, TITLES, tmp_path / "heat", CELL, method="dasr")
    image = figure.axes[0].get_images()[0]
    np.testing.assert_allclose(image.get_array(), [[2, 2], [2, 2], [-0.4, 2]])
    assert image.get_clim() == (-2.0, 2.0)
    texts = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert texts[0, 2] == "−0.40"
    assert texts[1, 0] == "+2.00"
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["1", "2", "3"]
    assert "dB" in figure.axes[1].get_ylabel()


@pytest.mark.parametrize("kernels", [isotropic(1.0, 2.0), ANISOTROPIC])
def test_differences_stand_beside_each_other(
    tmp_path: Path, kernels: list[tuple[float, float, float]]
) -> None:
    figure = plot_paired(paired(kernels, [0.0, 5.0]), TITLES, tmp_path / "paired", CELL)
    assert labels(figure) == ["Without CA", "Oracle"]
    assert len(figure.axes) == 3  # two noise levels and the mean of the grid
    for axes, count in zip(figure.axes, (2, 2, 1), strict=True):
        first, second, zero = axes.get_lines()
        assert first.get_ydata().tolist() == [-0.5] * count
        assert second.get_ydata().tolist() == [1.0] * count
        assert (np.asarray(first.get_xdata()) < np.asarray(second.get_xdata())).all()
        assert zero.get_ydata() == [0.0, 0.0]
    bars = figure.axes[0].collections[0].get_segments()
    np.testing.assert_allclose([bar[:, 1] for bar in bars], [[-0.75, -0.25]] * 2)
    assert "DASR" in figure.axes[0].get_ylabel()


def test_colours_are_the_same_in_every_figure(tmp_path: Path) -> None:
    psnr = plot_psnr_vs_width(GRID, TITLES, tmp_path / "psnr", CELL)
    differences = plot_paired(
        paired(isotropic(1.0, 2.0), [0.0]), TITLES, tmp_path / "paired", CELL
    )

    def looks(figure: Figure) -> dict[str, object]:
        legend = figure.legends[0]
        return {
            text.get_text(): line.get_color()
            for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
        }

    assert looks(differences).items() <= looks(psnr).items()


def test_one_seed_draws_points_without_intervals(tmp_path: Path) -> None:
    bounds = [f"{name}_{end}" for name in ("psnr_y_db", "gain_db") for end in ("low", "high")]
    frame = GRID.assign(**{bound: float("nan") for bound in bounds})
    figure = plot_psnr_vs_width(frame, TITLES, tmp_path / "psnr", CELL)
    assert all(len(axes.collections) == 0 for axes in figure.axes)
    single = paired(isotropic(1.0, 2.0), [0.0]).assign(both_low_db=float("nan"))
    figure = plot_paired(
        pd.DataFrame(single.assign(both_high_db=float("nan"))), TITLES, tmp_path / "p", CELL
    )
    assert figure.axes[0].get_lines()[0].get_ydata().tolist() == [-0.5, -0.5]

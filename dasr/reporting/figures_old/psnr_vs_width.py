"""PSNR, and its gain over bicubic, against the blur kernel."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dasr.config import BICUBIC
from dasr.reporting.figures.series import draw_bands, draw_points, mark_infinite, show_kernels
from dasr.reporting.figures.style import (
    BASELINE,
    COLUMN_WIDTH,
    FULL_WIDTH,
    grid_of_axes,
    legend_above,
    method_handles,
    method_styles,
    new_figure,
    save_figure,
    styled,
)
from dasr.reporting.rows import Where, grid_cells, kernel_axis, noise_levels, select

PANEL_HEIGHT = 1.75
LABEL_HEIGHT = 0.6
"""Room for the names of anisotropic kernels, in inches."""
SHADE = "0.93"


def plot_psnr_vs_width(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    stem: Path,
    where: Where,
    *,
    trained_on: tuple[float, float] | None = None,
) -> Figure:
    """Write and return the figure: a column of panels a noise level, at most four.

    Above is PSNR in dB, below the gain over bicubic in dB, which shows what the common
    fall with the width hides. Bands are 95 % intervals over seeds. Anisotropic kernels are
    categories: points side by side, with bars. An infinite mean is a "∞" at the upper edge
    and has no gain.

    Args:
        summary: rows of `dasr.statistics.summaries.summarise`.
        titles: title of each method, in the order of the legend.
        stem: path of the files without suffix.
        where: regime, scale and test set to show.
        trained_on: smallest and largest width of training in HR pixels, to be shaded where
            the grid goes beyond (paper, supplement, Fig. III).

    Raises:
        ValueError: a method has no rows, or widths of training for anisotropic kernels.
    """
    rows = grid_cells(select(summary, titles, where))
    axis, levels, styles = kernel_axis(rows), noise_levels(rows), method_styles(titles)
    gains = {method: style for method, style in styles.items() if method != BICUBIC}
    lines = axis.numeric and len(axis.kernels) > 1  # a line of one point cannot be seen
    draw = draw_bands if lines else draw_points
    if trained_on is not None and not axis.numeric:
        raise ValueError("widths of training have no place among anisotropic kernels")
    with styled():
        width = COLUMN_WIDTH if len(levels) == 1 else FULL_WIDTH
        figure = new_figure(width, 2 * PANEL_HEIGHT + (0 if axis.numeric else LABEL_HEIGHT))
        panels = grid_of_axes(figure, 2, len(levels), sharex=True, sharey="row")
        for level, upper, lower in zip(levels, *panels, strict=True):
            cells = rows[rows["noise_level"] == level]
            upper.set_title(f"Noise level {level:g}")
            draw(upper, cells, styles, axis, _columns("psnr_y_db"))
            mark_infinite(upper, cells, styles, axis, "psnr_y_db")
            draw(lower, cells, gains, axis, _columns("gain_db"))
            lower.axhline(0.0, color=BASELINE.color, linestyle=BASELINE.linestyle)
            show_kernels(lower, axis)
        panels[0][0].set_ylabel("PSNR on Y (dB)")
        panels[1][0].set_ylabel("Gain over bicubic (dB)")
        figure.supxlabel(axis.title, fontsize="medium")
        handles: list[Artist] = [*method_handles(titles, styles, lines=lines)]
        if trained_on is not None:
            handles.append(_shade([*panels[0], *panels[1]], trained_on))
        legend_above(figure, handles)
        save_figure(figure, stem)
    return figure


def _shade(panels: Sequence[Axes], trained_on: tuple[float, float]) -> Patch:
    """Shade the widths of training, as far as they are in view; return the legend's entry."""
    low, high = trained_on
    for axes in panels:
        view = axes.get_xlim()
        axes.axvspan(low, high, color=SHADE, linewidth=0, zorder=0)
        axes.set_xlim(view)
    return Patch(color=SHADE, linewidth=0, label=f"trained on {low:.1f} to {high:.1f}")


def _columns(metric: str) -> tuple[str, str, str]:
    return metric, f"{metric}_low", f"{metric}_high"

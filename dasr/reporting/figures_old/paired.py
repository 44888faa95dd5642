"""What each variant loses or wins against the reference, with its uncertainty."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dasr.reporting.figures.series import draw_points, show_kernels
from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    MethodStyle,
    grid_of_axes,
    legend_above,
    method_handles,
    method_styles,
    new_figure,
    save_figure,
    styled,
    wrapped,
)
from dasr.reporting.rows import (
    KernelAxis,
    Where,
    compared,
    kernel_axis,
    noise_levels,
    select,
)
from dasr.statistics.summaries import MEAN

HEIGHT = 2.2
LABEL_CHARACTERS = 22
REFERENCE_CHARACTERS = 48
LABEL_HEIGHT = 0.6
COLUMNS = ("difference_db", "both_low_db", "both_high_db")
OVERALL = KernelAxis((MEAN,), (0.0,), ("mean of\nthe grid",), "", numeric=True)


def plot_paired(
    paired: pd.DataFrame, titles: Mapping[str, str], stem: Path, where: Where
) -> Figure:
    """Write and return the figure: PSNR minus the reference's, in dB, against the kernel.

    One panel a noise level, at most four, and a narrow last one for the mean over the whole
    grid. Bars are 95 % intervals over images and seeds: where they cross zero, other images
    and other trainings could turn the comparison around.

    Args:
        paired: rows of `dasr.statistics.summaries.paired`.
        titles: title of each method; looks follow this order, as in other figures.
        stem: path of the files without suffix.
        where: regime, scale and test set to show.

    Raises:
        ValueError: a variant has no rows, or there is none.
    """
    variants = compared(paired, titles)
    rows = select(paired, variants, where)
    axis, levels = kernel_axis(rows), noise_levels(rows)
    styles = {method: method_styles(titles)[method] for method in variants}
    reference = str(rows["reference"].iloc[0])
    with styled():
        width = COLUMN_WIDTH if len(levels) == 1 and axis.numeric else FULL_WIDTH
        figure = new_figure(width, HEIGHT + (0 if axis.numeric else LABEL_HEIGHT))
        ratios = {"width_ratios": [*[1.0] * len(levels), 0.7 / width * len(levels)]}
        panels = grid_of_axes(figure, 1, len(levels) + 1, sharey=True, gridspec_kw=ratios)[0]
        for level, axes in zip(levels, panels[:-1], strict=True):
            _draw(axes, rows[rows["noise_level"] == level], styles, axis)
            axes.set_title(f"Noise level {level:g}")
        _draw(panels[-1], rows[rows["kernel"] == MEAN], styles, OVERALL)
        panels[-1].margins(x=0.25)
        name = wrapped(titles.get(reference, reference), REFERENCE_CHARACTERS, 1)
        label = f"PSNR minus that of {name} (dB)"
        panels[0].set_ylabel(wrapped(label, LABEL_CHARACTERS))
        figure.supxlabel(axis.title, fontsize="medium")
        legend_above(figure, method_handles(variants, styles, lines=False))
        save_figure(figure, stem)
    return figure


def _draw(
    axes: Axes, rows: pd.DataFrame, styles: Mapping[str, MethodStyle], axis: KernelAxis
) -> None:
    draw_points(axes, rows, styles, axis, COLUMNS)
    show_kernels(axes, axis)
    axes.axhline(0.0, color="black", linewidth=0.8)

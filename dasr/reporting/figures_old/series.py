"""Means with intervals against the kernels of a test grid."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from dasr.reporting.figures.style import MethodStyle
from dasr.reporting.rows import KernelAxis
from dasr.text import INFINITE

STEP, SPREAD = 0.11, 0.7
"""Distance of two methods, and of the first from the last, as parts of a gap."""
INFINITE_STEP = 6.0
"""Distance of two methods' "∞", in points."""


def draw_bands(
    axes: Axes,
    rows: pd.DataFrame,
    styles: Mapping[str, MethodStyle],
    axis: KernelAxis,
    columns: tuple[str, str, str],
) -> None:
    """Draw a line a method in a band of its interval.

    Args:
        axes: where to draw.
        rows: one row a (method, kernel).
        styles: look of each method.
        axis: the kernels.
        columns: names of mean, lower and upper bound; NaN bounds have no band, infinite
            means no point.
    """
    mean, low, high = columns
    for method, style in styles.items():
        line = _in_order(rows, method, axis)
        axes.plot(axis.positions, line[mean], **style.line())
        if line[low].notna().any():
            axes.fill_between(
                axis.positions, line[low], line[high], color=style.color, alpha=0.15, lw=0
            )


def draw_points(
    axes: Axes,
    rows: pd.DataFrame,
    styles: Mapping[str, MethodStyle],
    axis: KernelAxis,
    columns: tuple[str, str, str],
) -> None:
    """Draw a point with its interval a method and kernel, those of a kernel side by side.

    No lines: moved aside, they would cross where the methods do not. Arguments as in
    `draw_bands`.
    """
    mean, low, high = columns
    step = min(STEP, SPREAD / max(1, len(styles) - 1)) * axis.gap
    for place, (method, style) in enumerate(styles.items()):
        line = _in_order(rows, method, axis)
        axes.errorbar(
            np.array(axis.positions) + (place - (len(styles) - 1) / 2) * step,
            line[mean],
            yerr=np.array([line[mean] - line[low], line[high] - line[mean]], dtype=float),
            elinewidth=0.8,
            **style.point(),
        )


def mark_infinite(
    axes: Axes,
    rows: pd.DataFrame,
    styles: Mapping[str, MethodStyle],
    axis: KernelAxis,
    column: str,
) -> None:
    """Write "∞" in a method's colour at the upper edge, over each kernel of infinite mean.

    Arguments as in `draw_bands`, which leaves these means out.
    """
    for place, (method, style) in enumerate(styles.items()):
        means = rows[rows["method"] == method].set_index("kernel")[column]
        for kernel, position in zip(axis.kernels, axis.positions, strict=True):
            if kernel in means.index and np.isinf(means[kernel]):
                axes.annotate(
                    INFINITE,
                    (position, 1.0),
                    xycoords=("data", "axes fraction"),
                    xytext=((place - (len(styles) - 1) / 2) * INFINITE_STEP, -1.0),
                    textcoords="offset points",
                    ha="center",
                    va="top",
                    color=style.color,
                )


def show_kernels(axes: Axes, axis: KernelAxis) -> None:
    """Put the kernels on the horizontal axis; long names stand upright."""
    axes.set_xticks(axis.positions, axis.labels, rotation=0 if axis.numeric else 90)


def _in_order(rows: pd.DataFrame, method: str, axis: KernelAxis) -> pd.DataFrame:
    line = rows[rows["method"] == method].set_index("kernel").reindex(axis.kernels)
    return line.replace(float("inf"), float("nan"))

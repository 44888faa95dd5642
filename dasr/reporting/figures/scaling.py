"""From which size and training on does each part help? Gains against joint steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import GREY, MARKERS, SMALL, LineStyle
from dasr.reporting.drawing.text import text_width, wrapped
from dasr.reporting.published.gains import (
    PROTOCOL,
    PublishedGain,
    is_published,
    published_budget,
    published_gain,
)
from dasr.reporting.published.rows import published_files
from dasr.reporting.rows import sample_size
from dasr.reporting.scaling import (
    applies,
    averaged_kernels,
    compared_methods,
    part_title,
    scaling_files,
    scaling_rows,
    size_titles,
    subjects,
)
from dasr.reporting.specs import FigureSpec, Item
from dasr.statistics.scaling import BOUNDS
from dasr.study import Plan
from dasr.terms.columns import JOINT_STEPS
from dasr.terms.metrics import GAIN, RANKING
from dasr.text import escape_rst

MAX_COLUMNS = 3
"""Panels side by side: their numbers of steps have to be read."""
ROW_HEIGHT = 1.75
TITLE_CHARACTERS = 30
SIZE_COLOURS, LAST_COLOUR = "viridis", 0.85
"""Sizes are ordered, and so are their colours; the palette's end is pale on white."""
AROUND = 0.35
"""What a panel shows below and above all gains, as a part of their range: with two seeds
bands are far wider, and are cut there."""
MIN_RANGE = 0.02
"""Of a panel's gains, in dB, so that equal ones have an axis."""
BREAK = 1.3
"""Distance of the published mark from the last step, in the largest distance of two steps:
the axis is broken, since the paper trained a hundred times as long."""
MARGIN = 0.08
"""Left and right of all points, as a part of the axis between them."""
OUTSIDE = 0.6
"""Width of what is left and right of a panel's data, in inches."""
MARK: dict[str, Any] = {"marker": "*", "markersize": 7, "color": "black", "linestyle": ""}
HOLLOW: dict[str, Any] = {"markerfacecolor": "white"}


@dataclass(frozen=True)
class StepAxis:
    """Numbers of steps on a logarithmic axis, the published one behind a break."""

    positions: Mapping[int, float]
    published: float | None

    @classmethod
    def of(cls, steps: Sequence[int], *, published: bool) -> "StepAxis":
        """Return the axis of some numbers of steps."""
        positions = {step: float(np.log2(step)) for step in sorted(steps)}
        values = list(positions.values())
        gap = float(np.diff(values).max()) if len(values) > 1 else 1.0
        return cls(positions, values[-1] + BREAK * gap if published else None)

    def show(self, axes: Axes, width: float, *, broken: bool) -> None:
        """Put the steps on an axis of `width` inches.

        Args:
            axes: whose horizontal axis it is.
            width: of the panel's data.
            broken: whether there is a published mark, and a line where the axis is broken.
        """
        places, labels = list(self.positions.values()), [f"{one:,}" for one in self.positions]
        last = places[-1] if self.published is None else self.published
        side = MARGIN * max(1.0, last - places[0])
        axes.set_xlim(places[0] - side, last + side)
        if broken:
            axes.axvline((places[-1] + last) / 2, **panels.MARKED)
            places.append(last)
            labels.append(f"{published_budget()[1]:,}")
        needs = [text_width(f"{label}0", SMALL) for label in labels]
        inches = np.diff(places) * width / (last - places[0] + 2 * side)
        touch = [inches[n] < (needs[n] + needs[n + 1]) / 2 for n in range(len(inches))]
        axes.set_xticks(places, labels, rotation=90 if any(touch) else 0)


def size_styles(plan: Plan) -> dict[str, LineStyle]:
    """Return what each size looks like, by its name."""
    names = list(size_titles(plan))
    shades = matplotlib.colormaps[SIZE_COLOURS](np.linspace(0, LAST_COLOUR, len(names)))
    return {
        name: LineStyle(matplotlib.colors.to_hex(shade), MARKERS[number % len(MARKERS)], "-")
        for number, (name, shade) in enumerate(zip(names, shades, strict=True))
    }


def published_gains(item: Item[Figure]) -> dict[str, PublishedGain]:
    """Return what is published of the parts, by variant; nothing for other cells."""
    plan, kernels = item.plan, averaged_kernels(item)
    if not is_published(plan, item.cell, kernels):
        return {}
    found = {}
    for variant, rows in scaling_rows(item).groupby("variant", sort=False):
        having, lacking = (plan.method(rows[name].iloc[0]) for name in ("having", "lacking"))
        one = published_gain(having, lacking, item.cell, kernels)
        if one is not None:
            found[str(variant)] = one
    return found


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per part: its gain in dB against joint steps, a line per size."""
    rows, published = scaling_rows(item), published_gains(item)
    parts = list(rows.groupby("variant", sort=False))
    columns = min(MAX_COLUMNS, len(parts))
    lines = -(-len(parts) // columns)
    figure, grid = panels.panel_grid(lines, columns, ROW_HEIGHT * lines + 0.25)
    axis = StepAxis.of([int(one) for one in rows[JOINT_STEPS]], published=bool(published))
    styles = size_styles(item.plan)
    flat = [axes for row in grid for axes in row]
    width = float(figure.get_size_inches()[0]) / columns - OUTSIDE
    for axes, (variant, own) in zip(flat, parts, strict=False):
        _draw_part(axes, own, styles, axis, published.get(str(variant)))
        axes.set_title(wrapped(part_title(item.plan, own), TITLE_CHARACTERS))
        axis.show(axes, width, broken=str(variant) in published)
    for axes in flat[len(parts) :]:
        axes.set_axis_off()
    for row in grid:
        row[0].set_ylabel("Gain (dB)")
    figure.supxlabel("Steps of the joint stage", fontsize="medium")
    looks = {name: style.line() for name, style in styles.items()}
    handles = panels.method_handles(size_titles(item.plan), looks)
    panels.legend_above(figure, [*handles, *_published_handles(published)])
    return figure


def _draw_part(
    axes: Axes,
    rows: pd.DataFrame,
    styles: Mapping[str, LineStyle],
    axis: StepAxis,
    published: PublishedGain | None,
) -> None:
    """Draw the gains of one part, their intervals as bands, and what is published."""
    axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=0.5)
    for size, style in styles.items():
        own = rows[rows["size"] == size].sort_values(JOINT_STEPS)
        x = own[JOINT_STEPS].map(axis.positions)
        axes.plot(x, own[GAIN], **style.line())
        if own[BOUNDS[0]].notna().any():
            low, high = (own[name].astype(float) for name in BOUNDS)
            axes.fill_between(x, low, high, color=style.color, **panels.BAND)
    shown = [0.0, *rows[GAIN].dropna()]
    if published is not None and axis.published is not None:
        look = {**MARK, **({} if published.same_arithmetic else HOLLOW)}
        axes.plot([axis.published], [published.gain], **look)
        shown.append(published.gain)
    around = AROUND * max(MIN_RANGE, max(shown) - min(shown))
    axes.set_ylim(min(shown) - around, max(shown) + around)


def _published_handles(published: Mapping[str, PublishedGain]) -> list[Line2D]:
    looks = {}
    if any(one.same_arithmetic for one in published.values()):
        looks[f"published, {published_budget()[0]} blocks"] = MARK
    if not all(one.same_arithmetic for one in published.values()):
        looks["published, other arithmetic"] = {**MARK, **HOLLOW}
    return panels.method_handles({}, looks)


def caption(item: Item[Figure]) -> str:
    """Return axes, units and sample size, and what is published."""
    rows = scaling_rows(item)
    widths = ", ".join(kernel.text for kernel in averaged_kernels(item))
    size = sample_size(rows.assign(method=rows["having"]))
    intervals = (
        "One seed or image has no interval."
        if rows[BOUNDS[0]].isna().all()
        else "Bands are 95 % intervals, the widest of over images, over seeds and over both, "
        "cut at the edges of panels."
    )
    sentences = [
        f"What each part is worth: {RANKING.title} of the network that has it minus that of "
        "the network that lacks it, of the same size and after as many steps, against the "
        "steps of the joint stage on a logarithmic axis; a line per size of the network. "
        f"{{testset}}, x{{scale}}, regime {{regime}}: mean over {{over}} (widths in HR "
        f"pixels: {widths}), {size}. "
        f"{intervals}"
    ]
    sentences += _published_sentences(item)
    sentences.append(
        "Every point of a line is the same training, read off on its way. Look where a line "
        "leaves zero for good, and whether deeper networks leave it sooner."
    )
    return " ".join(sentences)


def _published_sentences(item: Item[Figure]) -> list[str]:
    """Return what the marks are; nothing where there are none."""
    found = published_gains(item)
    if not found:
        return []
    blocks, steps = published_budget()
    rows = ", ".join(f"{' minus '.join(one.names)}" for one in found.values())
    text = (
        f"Stars are differences of rows of the paper's {PROTOCOL.title} ({escape_rst(rows)}), "
        f"means over the same kernels, of {blocks} blocks after {steps:,} steps: the axis is "
        "broken before them."
    )
    if all(one.same_arithmetic for one in found.values()):
        return [text]
    return [
        text,
        "Where a star is hollow, the published network has more arithmetic than here.",
    ]


def files(item: Item[Figure]) -> dict[str, Sequence[str]]:
    """Return the gains, and the published numbers where there are any beside them."""
    found = scaling_files(item)
    if is_published(item.plan, item.cell, averaged_kernels(item)):
        found["published"] = published_files(PROTOCOL)
    return found


FIGURE = FigureSpec(
    kind="scaling",
    order=57,
    subjects=subjects,
    applies=applies,
    methods=compared_methods,
    files=files,
    caption=caption,
    make=draw,
)

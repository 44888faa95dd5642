"""PSNR, and its gain over bicubic, against the blur kernel."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import BASELINE
from dasr.reporting.rows import conditions, grid_cells, kernel_axis
from dasr.reporting.specs import FigureSpec, Item, statistics
from dasr.terms.columns import BICUBIC
from dasr.terms.metrics import RANKING

PANEL_HEIGHT = 1.75
SHADE = "0.93"
GAIN = ("gain_db", "gain_db_low", "gain_db_high")


def draw(item: Item[Figure]) -> Figure:
    """Return a column of panels per noise level, at most four.

    Anisotropic kernels are categories: points side by side, with bars. Widths of training
    are shaded where the grid goes beyond (paper, supplement, Fig. III).
    """
    rows = grid_cells(item.selected("summary"))
    axis, tested, styles = kernel_axis(rows), conditions(rows), item.styles
    gains = {method: style for method, style in styles.items() if method != BICUBIC}
    lines = axis.numeric and len(axis.kernels) > 1  # a line of one point cannot be seen
    height = 2 * PANEL_HEIGHT + (0 if axis.numeric else panels.LABEL_HEIGHT)
    height += panels.title_height(tested)
    figure, (above, below) = panels.panel_grid(
        2, len(tested), height, sharex=True, sharey="row"
    )
    quality = (RANKING.column, *RANKING.bounds)
    for one, upper, lower in zip(tested, above, below, strict=True):
        upper.set_title(one.title)
        panels.draw_kernels(upper, one.rows, styles, axis, quality, lines=lines)
        panels.draw_kernels(lower, one.rows, gains, axis, GAIN, lines=lines)
        lower.axhline(0.0, color=BASELINE.color, linestyle=BASELINE.linestyle)
    above[0].set_ylabel(RANKING.title)
    below[0].set_ylabel("Gain over bicubic (dB)")
    figure.supxlabel(axis.title, fontsize="medium")
    (regime,) = (one for one in item.plan.config.regimes if one.name == item.cell.regime)
    trained_on = regime.widths_beyond(item.cell.scale)
    shade = [] if trained_on is None else [_shade([*above, *below], *trained_on)]
    panels.methods_above(figure, item, shade, lines=lines)
    return figure


def _shade(drawn: Sequence[Axes], low: float, high: float) -> Patch:
    """Shade the widths of training, as far as they are in view; return the legend's entry."""
    for axes in drawn:
        view = axes.get_xlim()
        axes.axvspan(low, high, color=SHADE, linewidth=0, zorder=0)
        axes.set_xlim(view)
    return Patch(color=SHADE, linewidth=0, label=f"trained on {low:.1f} to {high:.1f}")


FIGURE = FigureSpec(kind="psnr_vs_width", order=10, files=statistics("summary"), make=draw)

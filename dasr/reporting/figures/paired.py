"""What each variant loses or wins against the reference, with its uncertainty."""

from matplotlib.figure import Figure

from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import COLUMN_WIDTH, FULL_WIDTH
from dasr.reporting.drawing.text import wrapped
from dasr.reporting.rows import KernelAxis, conditions, grid_means, kernel_axis
from dasr.reporting.specs import FigureSpec, Item, compared, compared_rows, statistics
from dasr.study.comparisons import reference_title
from dasr.terms.columns import MEAN

HEIGHT = 2.2
LABEL_CHARACTERS = 22
REFERENCE_CHARACTERS = 48
COLUMNS = ("difference_db", "both_low_db", "both_high_db")
OVERALL = KernelAxis((MEAN,), (0.0,), ("mean of\nthe grid",), "", numeric=True)


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per noise level, at most four, and a narrow one for the whole grid."""
    rows = compared_rows(item)
    axis, tested = kernel_axis(rows), conditions(rows)
    width = COLUMN_WIDTH if len(tested) == 1 and axis.numeric else FULL_WIDTH
    ratios = {"width_ratios": [*[1.0] * len(tested), 0.7 / width * len(tested)]}
    height = HEIGHT + (0 if axis.numeric else panels.LABEL_HEIGHT)
    height += panels.title_height(tested)
    figure, (drawn,) = panels.panel_grid(
        1, len(tested) + 1, height, width=width, sharey=True, gridspec_kw=ratios
    )
    for axes, one in zip(drawn, tested, strict=False):
        panels.draw_kernels(axes, one.rows, item.styles, axis, COLUMNS)
        axes.set_title(one.title)
    panels.draw_kernels(drawn[-1], grid_means(rows), item.styles, OVERALL, COLUMNS)
    drawn[-1].margins(x=0.25)
    for axes in drawn:
        axes.axhline(0.0, color="black", linewidth=0.8)
    reference = " ".join(reference_title(item.plan).split())
    label = f"PSNR minus that of {wrapped(reference, REFERENCE_CHARACTERS, 1)} (dB)"
    drawn[0].set_ylabel(wrapped(label, LABEL_CHARACTERS))
    figure.supxlabel(axis.title, fontsize="medium")
    panels.methods_above(figure, item)
    return figure


FIGURE = FigureSpec(
    kind="paired",
    order=50,
    methods=compared,
    files=statistics("paired"),
    make=draw,
)

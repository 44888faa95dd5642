"""What was claimed, as a forest plot: intervals, the margin shaded, verdicts beside them."""

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dasr.reporting.claim_texts import claim_text, p_text, subject_text, titles_of
from dasr.reporting.drawing.panels import BAR_WIDTH, panel_grid
from dasr.reporting.drawing.style import FULL_WIDTH, SMALL
from dasr.reporting.drawing.text import wrapped_to
from dasr.reporting.specs import FigureSpec, Item, of_study, statistics
from dasr.statistics.claims import BOUNDS, MARGIN
from dasr.terms.metrics import DIFFERENCE, RANKING

ROW_HEIGHT, EDGES = 0.42, 0.7
"""Inches of a claim, and of what is above and below all of them."""
LABEL_WIDTH = 2.3
"""Of the claims' texts, in inches."""
SHADE = "0.9"


def draw(item: Item[Figure]) -> Figure:
    """Return a line per claim: its difference with the interval, and the verdict."""
    rows, titles = item.rows("claims"), titles_of(item)
    height = EDGES + ROW_HEIGHT * len(rows)
    figure, ((axes,),) = panel_grid(1, 1, height, width=FULL_WIDTH)
    labels = []
    for number, row in enumerate(rows.to_dict("records")):
        corner, wide = (-float(row[MARGIN]), number - 0.5), 2 * float(row[MARGIN])
        axes.add_patch(Rectangle(corner, wide, 1.0, color=SHADE, linewidth=0, zorder=0.5))
        low, high = (float(row[name]) for name in BOUNDS)
        spread = [[row[DIFFERENCE] - low], [high - row[DIFFERENCE]]]
        look = {"elinewidth": BAR_WIDTH, **item.styles[row["method"]].point()}
        axes.errorbar([row[DIFFERENCE]], [number], xerr=spread, **look)
        texts = (claim_text(row, titles), subject_text(row, item))
        labels.append("\n".join(wrapped_to(text, LABEL_WIDTH, SMALL, 1) for text in texts))
        decisive = "p_equivalent_holm" if row["verdict"] == "equivalent" else "p_holm"
        verdict = f"{row['verdict']}\np {p_text(row[decisive])}"
        axes.annotate(
            verdict,
            (1.01, number),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=SMALL,
        )
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.05)
    axes.set_xlabel(f"Difference of {RANKING.title}, 95 % interval; shaded: margin")
    return figure


FIGURE = FigureSpec(
    kind="claims",
    order=5,
    cells=of_study,
    suffix=lambda cell: "",
    section=lambda cell: "Claims",
    applies=lambda plan, cell: bool(plan.study.claims),
    methods=lambda item: item.plan.methods,
    files=statistics("claims"),
    make=draw,
)

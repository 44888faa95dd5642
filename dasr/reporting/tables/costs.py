"""What decides a method's place: quality beside all that it costs, one row per method."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dasr.reporting.published.protocols import PROTOCOLS
from dasr.reporting.published.rows import (
    PUBLISHED_COSTS,
    published_costs,
    published_files,
    published_names,
)
from dasr.reporting.rows import grid_means, sample_size
from dasr.reporting.specs import Item, TableSpec
from dasr.reporting.spent import equal_in_training, how_measured, spent, spent_files
from dasr.reporting.tabulating import cells
from dasr.reporting.tabulating.model import Table, body
from dasr.study import Plan, ReportCell
from dasr.study.inference import INFERENCE
from dasr.terms.columns import JOINT_STEPS
from dasr.terms.metrics import METRICS, RANKING
from dasr.text import MISSING, escape_rst, formatted

SHOWN_METRICS = [RANKING, next(metric for metric in METRICS if metric.name == "ssim")]
COST_HEADER = [*cells.COST_HEADER, "ms", "Peak MB", "Training (CPU s)", "Joint steps"]
PUBLISHED_HEADER = ["Params, published", "ms, published"]
PUBLISHED_NOTE = (
    "Published: what the paper prints, on its authors' GPU, of networks of its own size."
)


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether a network is tested in the cell."""
    return any(one.is_network for one in plan.methods_at(cell.regime, cell.scale))


def files(item: Item[Table]) -> Mapping[str, Sequence[str]]:
    """Return the statistics, and what is published where the study has a protocol."""
    protocol = item.plan.config.protocol
    published = {} if protocol is None else {"published": published_files(PROTOCOLS[protocol])}
    return {**spent_files(item), **published}


def make(item: Item[Table]) -> Table:
    """Return a row per method: quality, sizes, time, memory, and what its training took.

    Raises:
        ValueError: a method, or its cost, is missing.
    """
    means = grid_means(item.selected("summary")).set_index("method")
    costs, published = spent(item), published_of(item)
    columns = [name for one in SHOWN_METRICS for name in (one.column, *one.bounds)]
    titles = pd.DataFrame({"title": item.titles})
    numbers = titles.join(means[columns]).join(costs).join(published)
    quality = {one.name: cells.plus_minus(means, one) for one in SHOWN_METRICS}
    order = list(means.index)
    lines = []
    for name, title in item.titles.items():
        shown = [quality[one.name][order.index(name)] for one in SHOWN_METRICS]
        line = [title, *shown, *cost_texts(costs, name), *published_texts(published, name)]
        lines.append((None, line))
    header = ["Method", *(one.title for one in SHOWN_METRICS), *COST_HEADER]
    header += PUBLISHED_HEADER if len(published.columns) else []
    return Table(
        caption=f"Quality and cost: {item.cell}",
        numbers=numbers.rename_axis("method").reset_index(),
        header=header,
        alignment=["l", *"r" * (len(header) - 1)],
        note=_note(item, means, published),
        **body(lines),
    )


def cost_texts(costs: pd.DataFrame, method: str) -> list[str]:
    """Return the cells of `COST_HEADER`: sizes with three digits, steps as they are."""
    return [
        *cells.cost_cells(costs, method),
        cells.significant(float(costs["milliseconds"][method])),
        formatted(float(costs["peak_mb"][method]), ",.1f"),
        formatted(float(costs["cpu_seconds"][method]), ",.0f"),
        formatted(float(costs[JOINT_STEPS][method]), ",.0f"),
    ]


def published_of(item: Item[Table]) -> pd.DataFrame:
    """Return what is published of the methods' costs, by method: no columns for nothing."""
    none = pd.DataFrame(index=pd.Index(list(item.titles)))
    if item.plan.config.protocol is None:
        return none
    protocol = PROTOCOLS[item.plan.config.protocol]
    known = published_costs(protocol, item.cell.scale)
    names = pd.Series(published_names(protocol, item.methods), dtype=object)
    found = known.reindex(names.reindex(list(item.titles))).set_axis(list(item.titles))
    if not found.notna().any(axis=None):
        return none
    return found.rename(columns={name: f"published_{name}" for name in PUBLISHED_COSTS})


def published_texts(published: pd.DataFrame, method: str) -> list[str]:
    """Return the cells of `PUBLISHED_HEADER`; none where the table does not have them."""
    if not len(published.columns):
        return []
    parameters, runtime = (published[f"published_{name}"][method] for name in PUBLISHED_COSTS)
    shown = MISSING if pd.isna(parameters) else str(parameters)
    return [shown, formatted(float(runtime), ",.0f")]


def _note(item: Item[Table], means: pd.DataFrame, published: pd.DataFrame) -> str:
    """Return how everything in the table was measured, and what was equal in training."""
    rows = means.reset_index()
    parts = [
        f"Mean over the grid of degradations and {sample_size(rows)}; "
        f"{cells.spread_note(rows)}.",
        cells.COST_NOTE,
        how_measured(item.rows(INFERENCE)),
        "Training: CPU seconds of all threads over all stages, mean over seeds; "
        f"{MISSING}: not trained here, or not recorded.",
        equal_in_training(item),
        PUBLISHED_NOTE if len(published.columns) else "",
    ]
    return " ".join(part for part in parts if part)


def caption(item: Item[Table]) -> str:
    """Return the caption: what is shown, how it was measured, what was equal."""
    measured = how_measured(item.rows(INFERENCE))
    equal = equal_in_training(item)
    shown = escape_rst(f"{measured} {equal}").replace("{", "{{").replace("}", "}}")
    return (
        "What decides a method's place: PSNR and SSIM, mean over the grid of degradations and "
        "the images of {testset} (x{scale}, regime {regime}, {seeds}), beside parameters, the "
        "arithmetic of one 48x48 LR patch, time and memory of one image, and the CPU seconds "
        f"of a training. {shown} Look for methods that cost more and are no better."
    )


TABLE = TableSpec(
    kind="costs",
    order=15,
    applies=applies,
    files=files,
    caption=caption,
    make=make,
)

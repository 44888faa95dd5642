"""Gains by size and steps, as one table or figure shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dasr.config import Kernel
from dasr.reporting.rows import in_cell
from dasr.reporting.specs import Item, statistics
from dasr.study import Method, Plan, ReportCell
from dasr.study.scaling import (
    ALL_KERNELS,
    NUM_WIDEST,
    WIDEST_KERNELS,
    is_scaling,
    parts_of,
    widest_kernels,
)
from dasr.terms.columns import BICUBIC


@dataclass(frozen=True)
class Averaged:
    """What the gains of a table or figure are means over."""

    kernels: str
    """Value of the column `kernels`."""
    over: str
    """In words."""


def subjects(plan: Plan) -> Mapping[str, Averaged]:
    """Return what there is a table and a figure of, by their kind."""
    words = {ALL_KERNELS: "all kernels", WIDEST_KERNELS: f"the {NUM_WIDEST} widest kernels"}
    kinds = {"scaling": ALL_KERNELS, "scaling_widest": WIDEST_KERNELS}
    return {kind: Averaged(name, words[name]) for kind, name in kinds.items()}


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether the study has sizes or checkpoints."""
    return is_scaling(plan)


def averaged_kernels(item: Item[Any]) -> Sequence[Kernel]:
    """Return the kernels that an item's gains are means over."""
    kernels = item.plan.regime(item.cell.regime).test.at_scale(item.cell.scale)
    whole = item.subject.kernels == ALL_KERNELS
    return list(kernels) if whole else widest_kernels(kernels)


def compared_methods(item: Item[Any]) -> list[Method]:
    """Return the methods of the study's parts; none where no kernel is wider than others."""
    names = {name for part in parts_of(item.plan) for name in (part.having, part.lacking)}
    found = [one for one in item.plan.methods if one.name in names]
    return found if averaged_kernels(item) else []


def scaling_rows(item: Item[Any]) -> pd.DataFrame:
    """Return the rows of an item's cell and kernels.

    Raises:
        ValueError: there are none.
    """
    rows = item.rows("scaling")
    own = rows[in_cell(rows, item.cell) & (rows["kernels"] == item.subject.kernels)]
    if own.empty:
        raise ValueError(f"scaling: no rows over {item.subject.over} for {item.cell}")
    size = own["size"].astype(object)
    return own.assign(size=size.where(size.notna(), ""))


def size_titles(plan: Plan) -> dict[str, str]:
    """Return what each size is called, in the order of the study."""
    sizes = {size.name: size.title for size in plan.config.sizes}
    return sizes or {"": "the study's model"}


def part_title(plan: Plan, rows: pd.DataFrame) -> str:
    """Return the comparison that rows of one part are, e.g. "DASR minus No CA branch"."""
    titles = {method.name: method.variant_title for method in plan.methods}
    first = rows.iloc[0]
    lacking = "bicubic" if first["lacking"] == BICUBIC else titles[first["lacking"]]
    return f"{titles[first['having']]} minus {lacking}"


def scaling_files(item: Item[Any]) -> dict[str, Sequence[str]]:
    """Return the statistics of gains."""
    return dict(statistics("scaling")(item))

"""Tables from frames that tests hold in their hands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dasr.reporting.published.protocols import PROTOCOLS, protocol_cells
from dasr.reporting.tabulating.model import Table
from dasr.study import Plan, ReportCell
from dasr.terms.metrics import METRICS
from tests.unit.reporting.frames import margins
from tests.unit.reporting.items import CELL, TABLE_SPECS, TITLES, item_of, study, table

Titles = Mapping[str, str]
SUBJECTS = {metric.name: metric for metric in METRICS}


def plan_of(titles: Titles, unranked: Sequence[str], **config: Any) -> Plan:
    """Return a study whose method "oracle" is one if it is unranked, else a usual network."""
    overrides = {} if "oracle" in unranked else {"oracle": {}}
    return Plan(study(titles, overrides, **config))


def quality_table(
    metric: str,
    summary: pd.DataFrame,
    titles: Titles,
    costs: pd.DataFrame,
    unranked: Sequence[str] = (),
) -> Table:
    options: dict[str, Any] = {"plan": plan_of(titles, unranked), "methods": list(titles)}
    frames = {"summary": summary, "margins": margins(summary), "costs": costs}
    return table("quality", titles, CELL, subject=SUBJECTS[metric], **options, **frames)


def psnr_table(
    summary: pd.DataFrame,
    titles: Titles,
    costs: pd.DataFrame,
    cell: ReportCell = CELL,
    unranked: Sequence[str] = (),
) -> Table:
    return quality_table("psnr", summary, titles, costs, unranked)


def ssim_table(
    summary: pd.DataFrame, titles: Titles, costs: pd.DataFrame, cell: ReportCell = CELL
) -> Table:
    return quality_table("ssim", summary, titles, costs)


def grid_table(
    summary: pd.DataFrame,
    titles: Titles,
    cell: ReportCell = CELL,
    unranked: Sequence[str] = (),
) -> Table:
    options: dict[str, Any] = {"plan": plan_of(titles, unranked), "methods": list(titles)}
    return table("grid", titles, cell, **options, summary=summary)


def paired_table(paired: pd.DataFrame, titles: Titles, cell: ReportCell = CELL) -> Table:
    return table("paired", titles, cell, paired=paired)


def cluster_table(clusters: pd.DataFrame, titles: Titles, cell: ReportCell = CELL) -> Table:
    embedded = set(clusters["method"])
    shown = [method for method in titles if method in embedded]
    return table("clusters", titles, cell, methods=shown, clusters=clusters)


def tables(
    protocol: str,
    frame: pd.DataFrame,
    titles: Titles = TITLES,
    stands_for: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Table]:
    """Return a study's tables in a protocol's layout, each with its twin, by name.

    A network is imported if it stands for a variant.
    """
    scales = [int(scale) for scale in frame["scale"].unique()]
    imported = [
        {
            "name": name, "title": titles[name], "regime": "noise", "stands_for": variant,
            "files": {scale: "a.safetensors" for scale in scales},
        }
        for name, variant in (stands_for or {}).items()
    ]  # fmt: skip
    regime = {"kernel_width": {scale: [0.2, 4.0] for scale in scales}}
    widths = {"kernel_widths": {scale: [1.0] for scale in scales}}
    plan = Plan(
        study(
            titles,
            overrides,
            protocol=protocol,
            imported=imported,
            scales=scales,
            regimes=[{"name": "noise", "train": regime, "test": widths}],
            test_sets=[{"name": n, "source": "photos"} for n in frame["testset"].unique()],
            reference=next((name for name in titles if name != "bicubic"), "dasr"),
        )
    )
    found = {}
    for cell in protocol_cells(plan):
        present = set(frame.loc[frame["scale"] == cell.scale, "method"])
        shown = [method for method in titles if method in present]
        if not present >= set(titles) and len(scales) == 1:
            shown = list(titles)
        for kind, end in (("published_layout", ""), ("published_twin", "_published")):
            item = item_of(
                TABLE_SPECS[kind],
                titles,
                cell,
                plan=plan,
                subject=PROTOCOLS[protocol],
                methods=shown,
                summary=frame,
            )
            item = replace(item, kind=f"{protocol}{end}")
            found[item.name] = item.spec.make(item)
    return found

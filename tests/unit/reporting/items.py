"""Tables and figures of a small study, made from frames that tests hold in their hands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from matplotlib.figure import Figure

from dasr.config import MethodConfig, Study, StudyConfig, Variant, apply_overrides, from_dict
from dasr.config.network_file import imported_models
from dasr.config.study import with_claims
from dasr.reporting.drawing.style import save_figure, styled
from dasr.reporting.figures import FIGURES
from dasr.reporting.provenance import record_files
from dasr.reporting.specs import FigureSpec, Item, TableSpec
from dasr.reporting.tables import TABLES
from dasr.reporting.tabulating.model import Table
from dasr.study import Plan, ReportCell
from dasr.study.records import digests_file, versions_file
from dasr.terms.columns import BICUBIC

TITLES = {"dasr": "DASR", "no_ca": "Without CA", "oracle": "Oracle", BICUBIC: "Bicubic"}
CELL = ReportCell("noise", 4, "Set2")
CONFIG: dict[str, Any] = {
    "study": "demo",
    "title": "Demo",
    "variants": "all",
    "seeds": [1, 2, 3],
    "scales": [4],
    "reference": "dasr",
    "regimes": [
        {
            "name": "noise",
            "train": {"kernel_width": {4: [0.2, 4.0]}, "noise_level": [0.0, 25.0]},
            "test": {"kernel_widths": {4: [1.0, 2.0]}, "noise_levels": [0.0, 5.0]},
        }
    ],
    "train_sets": [{"name": "train", "source": "photos"}],
    "test_sets": [{"name": "Set2", "source": "photos"}],
}
FIGURE_SPECS = {spec.kind: spec for spec in FIGURES}
TABLE_SPECS = {spec.kind: spec for spec in TABLES}


def overrides_of(name: str) -> dict[str, Any]:
    """Return what sets methods of the tests apart; other names are those of networks alike."""
    return {
        "oracle": {
            "model": {"representation": "oracle"},
            "contrastive": {"enabled": False},
        },
        "no_ca": {"model": {"channel_branch": False}},
        "ca_only": {"model": {"kernel_branch": False}},
        "no_da_conv": {
            "model": {"kernel_branch": False, "channel_branch": False, "concatenation": True}
        },
    }.get(name, {})


def study(
    titles: Mapping[str, str] = TITLES,
    overrides: Mapping[str, Any] | None = None,
    **config: Any,
) -> Study:
    """Return a study whose trained variants have these titles, in their order.

    Args:
        titles: by method; those of imported networks and bicubic are given elsewhere.
        overrides: of methods that are not those of `overrides_of`, by name.
        config: keys of the study.
    """
    checked = from_dict(StudyConfig, {**CONFIG, **config}, "test")
    imported = {network.name for network in checked.imported}
    base: MethodConfig = checked.settings()
    variants = tuple(
        Variant(
            name=name,
            title=title,
            hypothesis="h",
            settings=apply_overrides(
                base, (overrides or {}).get(name, overrides_of(name)), f"test: {name}"
            ),
        )
        for name, title in titles.items()
        if name != BICUBIC and name not in imported
    )
    found = imported_models(checked.imported)
    return with_claims(Study(config=checked, variants=variants, imported=found), "test")


def item_of(
    spec: TableSpec | FigureSpec,
    titles: Mapping[str, str] = TITLES,
    cell: ReportCell = CELL,
    *,
    plan: Plan | None = None,
    subject: Any = None,
    methods: Sequence[str] | None = None,
    files: Mapping[str, Sequence[str]] | None = None,
    **frames: pd.DataFrame,
) -> Item[Any]:
    """Return a table or figure whose files of rows are frames.

    Args:
        spec: what is made.
        titles: of the study's methods.
        cell: what it is about.
        plan: of another study than that of the titles.
        subject: e.g. the metric.
        methods: what is shown, in this order; by default as the spec says.
        files: other files that it is made from.
        frames: contents of files of rows, by what they hold.
    """
    if files is not None or frames:
        held = {name: [name] for name in frames} | dict(files or {})
        spec = replace(spec, files=lambda item: held)
    if methods is not None:
        shown = list(methods)
        spec = replace(spec, methods=lambda item: [item.plan.method(name) for name in shown])
    plan = plan or Plan(study(titles))
    return Item(spec, plan, cell, spec.kind, subject, lambda name: frames[name])


def write_records(item: Item[Any], commit: str = "0123456789ab", **commits: str) -> None:
    """Write the records that an item's line is made from, below the working directory.

    Args:
        item: whose line it is.
        commit: of all records.
        commits: those of some methods, by name, and of the `versions`.
    """
    for path in record_files(item):
        record: dict[str, Any] = {"commit": commits.get("versions", commit)}
        if path == digests_file(item.plan):
            sets = {"train": {"train": "a" * 12}, "test": {"Set2": "b" * 12, "Set3": "c" * 12}}
            images = {"train": {"train": 400}, "test": {"Set2": 2, "Set3": 1}}
            record = {**sets, "images": images}
        elif path != versions_file(item.plan):
            method = next((one for one in commits if f"/{one}/" in path), "")
            record = {"commit": commits.get(method, commit), "source": f"{method}.pt"}
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(yaml.safe_dump(record), encoding="utf-8")


def draw(
    kind: str, stem: Path, titles: Mapping[str, str] = TITLES, *args: Any, **options: Any
) -> Figure:
    """Return a figure, written to files; arguments are those of `item_of`."""
    with styled():
        figure = FIGURE_SPECS[kind].make(item_of(FIGURE_SPECS[kind], titles, *args, **options))
        save_figure(figure, stem)
    return figure


def table(kind: str, titles: Mapping[str, str] = TITLES, *args: Any, **options: Any) -> Table:
    """Return a table; arguments are those of `item_of`."""
    return TABLE_SPECS[kind].make(item_of(TABLE_SPECS[kind], titles, *args, **options))

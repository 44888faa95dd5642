"""Which files the tables and figures of a study are, and what they are made from."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dasr.reporting.figures import FIGURES
from dasr.reporting.provenance import record_files
from dasr.reporting.specs import Item
from dasr.reporting.tables import TABLES
from dasr.study import Plan


def table_items(plan: Plan) -> list[Item[Any]]:
    """Return all tables of a study, those in published layouts among them."""
    return [item for spec in TABLES for item in spec.items(plan)]


def figure_items(plan: Plan) -> list[Item[Any]]:
    """Return all figures of a study."""
    return [item for spec in FIGURES for item in spec.items(plan)]


def input_files(items: Iterable[Item[Any]]) -> list[str]:
    """Return what tables or figures and the lines under them are made from, each file once."""
    files: set[str] = set()
    for item in items:
        files.update(*item.files.values(), record_files(item))
    return sorted(files)


def output_files(items: Iterable[Item[Any]]) -> list[str]:
    """Return the files of tables or figures without captions, and folders of pictures."""
    items = list(items)
    files = [f"{item.stem}.{ending}" for item in items for ending in item.spec.endings]
    return [*files, *picture_folders(items)]


def picture_folders(items: Iterable[Item[Any]]) -> list[str]:
    """Return the folders of pictures in the headers of tables."""
    return [f"{item.stem}_pictures" for item in items if item.spec.pictured(item)]


def unreported_files(items: Iterable[Item[Any]]) -> list[str]:
    """Return the files that Snakemake's report does not show, captions among them."""
    return [
        f"{item.stem}.{ending}" for item in items for ending in (*item.spec.endings[1:], "rst")
    ]


def reported_files(items: Iterable[Item[Any]]) -> list[dict[str, Any]]:
    """Return arguments of Snakemake's `report` for the file of each table or figure.

    Snakemake looks for captions beside the rules: theirs are absolute.
    """
    return [
        {
            "value": f"{item.stem}.{item.spec.endings[0]}",
            "caption": str(Path(f"{item.stem}.rst").absolute()),
            "category": item.spec.folder.capitalize(),
            "subcategory": item.spec.section(item.cell),
            "labels": {item.spec.folder.removesuffix("s"): item.kind},
        }
        for item in items
    ]

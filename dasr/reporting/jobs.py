"""A study's tables and figures from files to files: what a workflow calls."""

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dasr.errors import UserError, user_line
from dasr.files import write_text
from dasr.reporting.drawing.style import save_figure, styled
from dasr.reporting.outputs import figure_items, table_items
from dasr.reporting.provenance import load_record, provenance_line
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.writing import write_table
from dasr.statistics.jobs import read_rows
from dasr.study import Plan, read_study

log = logging.getLogger(__name__)


def write_tables(study: str) -> None:
    """Write every table of a study with its caption, below the working directory.

    Args:
        study: text of `dasr.study.study_text`.

    Raises:
        UserError: what is wrong with any of the files that tables are made from.
    """
    make_all(table_items(Plan(read_study(study))), write_table)


def write_figures(study: str) -> None:
    """Write every figure of a study with its caption; as `write_tables`."""
    with styled():
        make_all(figure_items(Plan(read_study(study))), save_figure)


def make_all(items: Iterable[Item[Any]], write: Callable[[Any, Path, str], None]) -> None:
    """Make every item, each file read once; then say what all went wrong.

    Args:
        items: tables or figures.
        write: called with what is made of an item, the path of its files without ending, and
            the line that says where its numbers come from.
    """
    read, load = functools.cache(read_rows), functools.cache(load_record)
    errors: dict[str, Exception] = {}
    for item in items:
        try:
            made = item.spec.make(replace(item, read=read))
            write(made, Path(item.stem), provenance_line(item, load))
            write_text(Path(f"{item.stem}.rst"), caption_text(item))
        except Exception as error:
            log.error("%s: %s", item.name, error)
            errors.setdefault(str(error), error)
    faults = [error for error in errors.values() if user_line(error) is None]
    if len(faults) > 1:
        raise ExceptionGroup("some could not be made", faults)
    if faults:
        raise faults[0]
    if errors:
        raise UserError("; ".join(errors))


def caption_text(item: Item[Any]) -> str:
    """Return a caption for Snakemake, which must not evaluate it as a template."""
    return f"{{% raw %}}\n{item.caption}\n{{% endraw %}}\n"

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


def make_all(items: Iterable[Item[Any]], write: Callable[[Any, Path], None]) -> None:
    """Make every item, each file of rows read once; then say what all went wrong."""
    read = functools.cache(read_rows)
    errors: dict[str, Exception] = {}
    for item in items:
        try:
            write(item.spec.make(replace(item, read=read)), Path(item.stem))
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

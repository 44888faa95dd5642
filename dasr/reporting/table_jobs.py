"""One table from files to files: what a workflow calls."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dasr.files import write_text
from dasr.reporting.rows import Where
from dasr.reporting.tables import (
    Table,
    cluster_table,
    grid_table,
    hypotheses_table,
    paired_table,
    paper_tables,
    psnr_table,
    ssim_table,
    write_table,
)
from dasr.reporting.tables.page import html_page
from dasr.statistics.jobs import read_rows

Files = Mapping[str, Any]


def make_table(
    kind: str,
    files: Files,
    where: Where,
    titles: Mapping[str, str],
    hypotheses: Mapping[str, str],
    oracles: Sequence[str],
    stem: Path,
) -> None:
    """Write one table as CSV, Markdown, LaTeX and HTML.

    Args:
        kind: one of `dasr.reporting.kinds.TABLES`.
        files: CSV files `summary`, `paired`, `clusters` and `costs`.
        where: regime, scale and test set.
        titles: title of each method, in the order of the study.
        hypotheses: what each network's ablation file says of it.
        oracles: methods that know the degradation: shown, but never the best.
        stem: path of the files without suffix.
    """
    summary, paired, clusters, costs = (
        read_rows(files[name]) for name in ("summary", "paired", "clusters", "costs")
    )
    build: dict[str, Callable[[], Table]] = {
        "psnr": lambda: psnr_table(summary, titles, costs, where, unranked=oracles),
        "ssim": lambda: ssim_table(summary, titles, costs, where, unranked=oracles),
        "grid": lambda: grid_table(summary, titles, where, unranked=oracles),
        "paired": lambda: paired_table(paired, titles, where),
        "clusters": lambda: cluster_table(clusters, titles, where),
        "hypotheses": lambda: hypotheses_table(
            titles, hypotheses, costs, regime=where.regime, scale=where.scale
        ),
    }
    table = build[kind]()
    write_table(table, stem)
    write_text(stem.with_name(f"{stem.name}.html"), html_page(table))


def make_paper_table(name: str, summary: Path, stem: Path, **options: Any) -> None:
    """Write one table in a published layout as CSV, Markdown, LaTeX and HTML.

    Args:
        name: one of `dasr.reporting.published.protocols.paper_table_names`.
        summary: CSV file of the whole study's summary.
        stem: path of the files without suffix.
        options: protocol and all others of `dasr.reporting.tables.paper_tables`.
    """
    protocol = options.pop("protocol")
    table = paper_tables(protocol, read_rows(summary), **options)[name]
    write_table(table, stem)
    write_text(stem.with_name(f"{stem.name}.html"), html_page(table))

"""A report folder of a finished study: what `dasr.reporting.report_folder` says it holds."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from dasr.commands.files import weights_digest
from dasr.commands.outputs import require_new, writing
from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError
from dasr.files import replacing, write_text
from dasr.reporting.outputs import figure_items, table_items
from dasr.reporting.report_folder import (
    NETWORK_SCORES,
    RECORDS,
    STUDY,
    WEIGHTS,
    ReportFolder,
    chosen,
    item_files,
    taken_along,
)
from dasr.statistics.jobs import gather
from dasr.study import Plan, study_yaml
from dasr.study.parts import shared_records
from dasr.study.representations import clusters_files


def make_report(
    plan: Plan,
    out: Path,
    *,
    tables: Iterable[str] | None = None,
    figures: Iterable[str] | None = None,
    overwrite: bool = False,
) -> ReportFolder:
    """Write a report folder of a finished study of the project in the working directory.

    Args:
        plan: of the study.
        out: the folder. Files that a report does not have, such as README.md, stay.
        tables: kinds that are taken along, e.g. "psnr"; all of them for None.
        figures: the same, of figures.
        overwrite: whether files of an earlier report may be replaced.

    Raises:
        UserError: the study is not finished, there is no such kind, a file exists already,
            or the folder cannot be written or is the study's own.
    """
    if out.resolve() in {Path(plan.reports).resolve(), Path(plan.results).resolve()}:
        raise UserError(
            f"--out {out}: the study keeps its own files there: name another folder"
        )
    items = [*chosen(table_items(plan), tables), *chosen(figure_items(plan), figures)]
    copies = {out / path.relative_to(plan.reports): path for path in _item_files(items)}
    copies |= {out / path.relative_to(plan.results): path for path in _result_files(plan)}
    for path in copies.values():
        if not path.is_file():
            raise UserError(f"{path}: no such file: the study is not finished")
    texts = {out / STUDY: study_yaml(plan.study), out / RECORDS: _records_text(plan)}
    scores = gather(clusters_files(plan))
    made = [*texts, *([out / NETWORK_SCORES] if len(scores) else [])]
    require_new([*copies, *made], list(copies.values()), overwrite=overwrite)
    with writing(out):
        for target, source in copies.items():
            with replacing(target) as temporary:
                shutil.copyfile(source, temporary)
        for target, text in texts.items():
            write_text(target, text)
        if len(scores):
            with replacing(out / NETWORK_SCORES) as temporary:
                scores.to_csv(temporary, index=False)
    return ReportFolder(out)


def _item_files(items: Sequence[Any]) -> list[Path]:
    return [path for item in items for path in item_files(item)]


def _result_files(plan: Plan) -> list[Path]:
    """Return every statistic of the whole study, and what else is taken along as it is."""
    needed = {Path(plan.statistics_file(name)) for name in ("metrics", "summary")}
    found = needed | set(Path(plan.results).glob("*.csv"))
    return [*sorted(found), *map(Path, taken_along(plan))]


def _records_text(plan: Plan) -> str:
    """Return the records of all networks and shared stages, with the weights' digests."""
    records: dict[str, Any] = {}
    for run in plan.runs("trained", "imported"):
        record = read_mapping(Path(plan.record_file(run)))
        weights = weights_digest(Path(plan.network_file(run)))
        records[f"runs/{run.path}"] = {**record, WEIGHTS: weights}
        for stage in map(Path, shared_records(plan, run)):
            name = str(stage.parent.relative_to(plan.results))
            if name not in records:
                records[name] = read_mapping(stage)
    return yaml.safe_dump(records, sort_keys=False, allow_unicode=True, width=96)


def report_size(report: ReportFolder) -> float:
    """Return the size of all files of a report in megabytes."""
    return sum(path.stat().st_size for path in report.path.rglob("*") if path.is_file()) / 1e6

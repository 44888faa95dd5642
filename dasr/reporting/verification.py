"""Statistics and tables of a report folder, computed again from its rows and compared."""

from collections.abc import Iterable
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError
from dasr.reporting.jobs import make_all
from dasr.reporting.outputs import figure_items, input_files, table_items
from dasr.reporting.report_folder import NETWORK_SCORES, ReportFolder, item_files
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.writing import write_table
from dasr.statistics.jobs import read_rows, write_statistics
from dasr.statistics.registration import networks_before
from dasr.statistics.versions import library_versions
from dasr.study.comparisons import ranked_groups, references
from dasr.study.inference import INFERENCE
from dasr.study.records import claims_file, part_record_files, versions_file
from dasr.study.representations import resampled_files
from dasr.study.scaling import checkpoint_metrics_files, parts_of

SHOWN = 60
"""Characters of each of two lines that differ."""


@dataclass
class Findings:
    """What a comparison found."""

    statistics: int = 0
    """Files that are equal."""
    tables: int = 0
    """Tables all of whose files are equal."""
    different: list[str] = field(default_factory=list)
    """A line for each file that differs, or that nothing of the study is."""
    outside: list[str] = field(default_factory=list)
    """What cannot be computed from the files of a report, and why."""


def verify(report: ReportFolder) -> Findings:
    """Return what differs between a report and what its rows and its study give.

    Raises:
        UserError: a file that is needed is missing or damaged, or nothing can be computed
            from the rows.
    """
    report.require_whole()
    found, folder, plan = Findings(), report.path.absolute(), report.plan
    with TemporaryDirectory() as root:
        report.lay_out(Path(root))
        results = Path(root) / plan.results
        try:
            _write_statistics(report, Path(root))
            with chdir(root):
                _compare_tables(folder, table_items(plan), found)
        except (ValueError, KeyError, ExceptionGroup) as error:
            raise UserError(
                f"{report.path}: cannot be computed from its rows: {error}"
            ) from error
        _compare_statistics(report, results, found)
    figures = [item for item in figure_items(plan) if (folder / _name(item, "png")).exists()]
    if figures:
        kinds = ", ".join(dict.fromkeys(item.kind for item in figures))
        found.outside.append(f"figures, since drawing depends on fonts: {kinds}")
    if found.different:
        found.different += _other_versions(report)
    return found


def _write_statistics(report: ReportFolder, root: Path) -> None:
    """Compute the statistics as the workflow does, in the folder of a study's results."""
    plan = report.plan
    stages = [root / path if path else None for path in plan.encoder_record_files()]
    records = [root / path for path in plan.record_files()]
    write_statistics(
        metrics=read_rows(report.metrics),
        clusters=report.network_scores(),
        resampled=[root / path for path in resampled_files(plan)],
        runs=list(zip(records, stages, strict=True)),
        references=references(plan),
        trained=[method.name for method in plan.trained],
        ranked=ranked_groups(plan),
        claims=plan.study.claims,
        networks_before=networks_before(root / claims_file(plan)),
        designs=plan.factorials,
        parts=parts_of(plan),
        checkpoints=[root / path for path in checkpoint_metrics_files(plan)],
        part_records=[[root / path for path in own] for own in part_record_files(plan)],
        folder=root / plan.results,
    )


def _compare_statistics(report: ReportFolder, results: Path, found: Findings) -> None:
    computed = {path.name: path for path in sorted(results.glob("*.csv"))}
    for path in report.statistics():
        if path.name in (NETWORK_SCORES, f"{INFERENCE}.csv"):
            continue  # rows, as metrics.csv are: nothing computes them again
        if path.name not in computed:
            found.different.append(f"{path.name}: no statistic of this version")
        elif _equals(path.name, path, computed[path.name], found):
            found.statistics += 1
    for name in computed.keys() - {path.name for path in report.statistics()}:
        found.different.append(f"{name}: missing")


def _compare_tables(folder: Path, items: Iterable[Item[Any]], found: Findings) -> None:
    """Compare the tables that a report has, in the folder of a study's results."""
    known = set()
    for item in items:
        if not (folder / _name(item, "csv")).exists():
            continue
        lacking = [path for path in input_files([item]) if not Path(path).exists()]
        if lacking:
            found.outside.append(f"{item.name}: is made from {lacking[0]}")
            known |= {path.name for path in folder.glob(f"tables/{item.name}.*")}
            continue
        make_all([item], write_table)
        files = item_files(item)
        equal = [
            _equals(f"tables/{own}", folder / "tables" / own, path, found)
            for path in files
            for own in [path.relative_to(Path(item.stem).parent)]
        ]
        known |= {path.name for path in files if path.parent == Path(item.stem).parent}
        found.tables += all(equal)
    held = {path.name for path in folder.glob("tables/*") if path.is_file()}
    found.different += [
        f"tables/{name}: no table of this study" for name in sorted(held - known)
    ]


def _equals(name: str, there: Path, computed: Path, found: Findings) -> bool:
    """Return whether two files are equal; add a line to what is different if they are not."""
    if not there.exists():
        found.different.append(f"{name}: missing")
        return False
    if there.read_bytes() == computed.read_bytes():
        return True
    found.different.append(f"{name}: {_first_difference(there, computed)}")
    return False


def _first_difference(there: Path, computed: Path) -> str:
    """Return the number of the first line that differs, and what it holds."""
    try:
        texts = [path.read_text("utf-8").splitlines() for path in (there, computed)]
    except UnicodeDecodeError:
        return "other bytes"
    shorter = min(map(len, texts))
    number = next((n for n in range(shorter) if texts[0][n] != texts[1][n]), shorter)
    held, made = (_shown(text, number, texts) for text in texts)
    return f"line {number + 1}: {held!r}, computed {made!r}"


def _shown(text: list[str], number: int, texts: list[list[str]]) -> str:
    """Return a part of a line, from shortly before where two texts differ."""
    if number >= len(text):
        return ""
    first, second = (one[number] if number < len(one) else "" for one in texts)
    pairs = enumerate(zip(first, second, strict=False))
    start = next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))
    begin = max(0, start - SHOWN // 2)
    return text[number][begin : begin + SHOWN]


def _other_versions(report: ReportFolder) -> list[str]:
    """Return a line if other libraries than those here have computed the report."""
    here, recorded = (
        library_versions(),
        read_mapping(report.of_study(versions_file(report.plan))),
    )
    told = {name: str(recorded.get(name)) for name in here}
    if told == here:
        return []
    texts = [", ".join(f"{k} {v}" for k, v in one.items()) for one in (told, here)]
    return [f"the report was computed with {texts[0]}; here are {texts[1]}"]


def _name(item: Item[Any], ending: str) -> str:
    return f"{item.spec.folder}/{item.name}.{ending}"

"""Where the numbers of a table or a figure come from: one line under each.

The line is made from records that lie beside the rows, and neither from the checkout nor from
a clock: made again elsewhere, from the same files, it is the same.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from dasr.config.yaml_files import read_mapping
from dasr.reporting.specs import WHOLE_STUDY, Item
from dasr.study import Run
from dasr.study.images import image_sets
from dasr.study.parts import shared_records
from dasr.study.records import digests_file, versions_file
from dasr.text import counted

SHOWN_DIGITS = 8
"""Of commits and digests: enough to tell them apart, few enough for a column of a paper."""
VERBS = {"test": "tested", "validation": "validated"}
MAX_COMMITS = 2
"""More are counted, and not named."""

Load = Callable[[str], Mapping[str, Any]]
"""Reads a YAML record by its path; a job reads each once."""


def load_record(path: str) -> Mapping[str, Any]:
    """Return the contents of a YAML record.

    Raises:
        UserError: there is no such file, or it holds no keys and values.
    """
    return read_mapping(Path(path))


def networks_behind(item: Item[Any]) -> list[Run]:
    """Return the networks that an item's numbers are of.

    Those that its files are of; where files of the whole study are among them, all that are
    shown, and the references, which differences are taken against.
    """
    plan = item.plan
    files = [path for own in item.files.values() for path in own]
    shown = [one for one in item.methods if one.is_network]
    known = {one.reference for one in shown}
    missing = [one for one in plan.trained if one.name in known and one not in shown]
    methods = [*shown, *missing]
    runs = [run for method in methods for run in plan.runs_at(item.cell, method)]
    if item.cell == WHOLE_STUDY:
        runs = [run for run in plan.runs() if run.method in methods]
    if any(str(Path(path).parent) == plan.results for path in files):
        return runs
    own = [run for run in runs if any(_is_of(path, plan.folder(run)) for path in files)]
    return own or runs


def record_files(item: Item[Any]) -> list[str]:
    """Return the records that an item's line is made from."""
    plan, runs = item.plan, networks_behind(item)
    stages = [path for run in runs for path in shared_records(plan, run)]
    return [
        digests_file(plan),
        versions_file(plan),
        *(plan.record_file(run) for run in runs),
        *dict.fromkeys(stages),
    ]


def provenance_line(item: Item[Any], load: Load = load_record) -> str:
    """Return test images, seeds, training images, commits and rows behind an item.

    E.g. "Study main: tested on Photos (7 images, 1a2b3c4d); seeds 1, 2, 3, trained on leaves
    (400 images, 5e6f7a8b) at commit 73b2cb50; reported at 8a57acc1; rows: summary.csv". What
    follows a number of images is the digest of their names, sizes and pixels.

    Raises:
        UserError: a record is missing, or lacks what is asked of it.
    """
    plan, runs = item.plan, networks_behind(item)
    digests, versions = load(digests_file(plan)), load(versions_file(plan))
    kind = item.spec.measured_on
    measured = [item.cell.testset] if item.cell.testset else _names(item, kind)
    verb = VERBS[kind]
    parts = [f"Study {plan.config.study}: {verb} on {_sets(digests, kind, measured)}"]
    trained = [run for run in runs if run.method.is_trained]
    commits = _training_commits(item, trained, load)
    if trained:
        seeds = sorted({run.seed for run in trained})
        parts.append(
            f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}, trained on "
            f"{_sets(digests, 'train', _names(item, 'train'))} at {_commits(commits)}"
        )
    imported = [load(plan.record_file(one)) for one in runs if one.method.kind == "imported"]
    if imported:
        parts.append(f"imported: {', '.join(str(record['source']) for record in imported)}")
    reported = _short(str(versions["commit"]))
    if commits != [reported]:
        parts.append(f"reported at {reported}")
    parts.append(f"rows: {', '.join(_row_files(item))}")
    return "; ".join(parts)


def _training_commits(item: Item[Any], runs: Iterable[Run], load: Load) -> list[str]:
    """Return the distinct commits of all stages, in the order of the runs."""
    files = [
        path
        for run in runs
        for path in (*shared_records(item.plan, run), item.plan.record_file(run))
    ]
    return list(dict.fromkeys(_short(str(load(path)["commit"])) for path in files))


def _commits(commits: list[str]) -> str:
    if len(commits) > MAX_COMMITS:
        return f"{len(commits)} commits"
    return f"commit{'s' if len(commits) > 1 else ''} {' and '.join(commits)}"


def _short(commit: str) -> str:
    """Return the beginning of a commit's name, and whether its files were edited."""
    name, dash, edited = commit.partition("-")
    return f"{name[:SHOWN_DIGITS]}{dash}{edited}"


def _names(item: Item[Any], kind: str) -> list[str]:
    return [one.name for one in image_sets(item.plan, kind)]


def _sets(digests: Mapping[str, Any], kind: str, names: Iterable[str]) -> str:
    """Return each set with its number of images and its digest."""
    return " and ".join(
        f"{name} ({counted(int(digests['images'][kind][name]), 'image')}, "
        f"{digests[kind][name][:SHOWN_DIGITS]})"
        for name in names
    )


def _row_files(item: Item[Any]) -> list[str]:
    """Return the files that an item is made from, below the study's results.

    Files of single networks are told by a pattern: they are many.
    """
    found = []
    for path in (path for own in item.files.values() for path in own):
        if not _is_of(path, item.plan.results):  # of the package: the published numbers
            found.append("/".join(Path(path).parts[-2:]))
            continue
        first, *rest = Path(path).relative_to(item.plan.results).parts
        depth = {"runs": 4, "encoders": 1}.get(first, 0)  # method, regime, scale, seed
        found.append("/".join([first, *(["*"] if depth else []), *rest[depth:]]))
    return list(dict.fromkeys(found))


def _is_of(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")

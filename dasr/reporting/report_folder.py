"""A report folder: tables and figures of a finished study, and all that tables are made from.

Networks, images and arrays stay behind: with the files here, every statistic and every table
is computed again (`dasr.reporting.verification`), on a machine that has nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import copyfile
from typing import Any

import pandas as pd
import yaml

from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError
from dasr.files import write_text
from dasr.reporting.specs import Item
from dasr.statistics.jobs import gather, read_rows
from dasr.study import Plan, Run, read_study_yaml
from dasr.study.inference import inference_files
from dasr.study.records import digests_file, statistics_inputs, versions_file
from dasr.study.representations import represented_runs

STUDY = "study.yaml"
"""The study with every default and override resolved: its plan is made from this alone."""
RECORDS = "runs.yaml"
"""The run.yaml of every network and encoder stage, by folder below the study's results."""
WEIGHTS = "weights_sha256"
"""In the record of a network: the digest of its weights, that of `dasr info`."""
NETWORK_SCORES = "clusters_by_network.csv"
"""Scores of single networks' representations, whose means are clusters.csv."""
METRICS = "metrics.csv"
GATHERED = ("metrics", "clusters", "runs", "encoders", "parts")
"""What of `statistics_inputs` is in one file each; others are taken along as they are."""
KEYS = ["method", "regime", "scale", "seed", "testset"]
"""What tells the files of `NETWORK_SCORES`' rows apart."""


@dataclass(frozen=True)
class ReportFolder:
    """The files of a report."""

    path: Path

    @cached_property
    def plan(self) -> Plan:
        """The plan of the report's study."""
        return Plan(read_study_yaml(self.path / STUDY))

    @cached_property
    def records(self) -> dict[str, Any]:
        """The record of every network and encoder stage."""
        return read_mapping(self.path / RECORDS)

    @property
    def metrics(self) -> Path:
        """The rows that all statistics of metrics are computed from."""
        return self.path / METRICS

    def of_study(self, path: str) -> Path:
        """Return where a report has a file of its study's results."""
        return self.path / Path(path).relative_to(self.plan.results)

    def has(self, path: str) -> bool:
        """Whether a report has a file of its study's results: older ones lack some."""
        return self.of_study(path).is_file()

    def require_whole(self) -> None:
        """Refuse a folder that tables cannot be computed from.

        Raises:
            UserError: a file is missing.
        """
        for path in (self.path / STUDY, self.path / RECORDS, self.metrics):
            if not path.is_file():
                raise UserError(f"{path}: no such file: is {self.path} made by dasr report?")

    def statistics(self) -> list[Path]:
        """Return the CSV files of the whole study."""
        return sorted(self.path.glob("*.csv"))

    def network_scores(self) -> pd.DataFrame:
        """Return the scores of single networks; no rows if no network has any."""
        file = self.path / NETWORK_SCORES
        return read_rows(file) if file.exists() else gather([])

    def record(self, run: Run) -> Mapping[str, Any]:
        """Return the record of a network.

        Raises:
            UserError: there is none.
        """
        return self._record(f"runs/{run.path}")

    def stage_record(self, folder: str) -> Mapping[str, Any]:
        """Return the record of a shared stage, by its folder in the study's results.

        Raises:
            UserError: there is none.
        """
        return self._record(str(Path(folder).relative_to(self.plan.results)))

    def _record(self, name: str) -> Mapping[str, Any]:
        if name not in self.records:
            raise UserError(f"{self.path / RECORDS}: no record of {name}")
        return self.records[name]

    def lay_out(self, root: Path) -> None:
        """Put records and rows of single networks where a study has them, below a folder."""
        results = root / self.plan.results
        for name, record in self.records.items():
            text = yaml.safe_dump(record, sort_keys=False)
            write_text(results / name / "run.yaml", text)
        for path in taken_along(self.plan):
            own, target = self.of_study(path), root / path
            if not own.is_file():
                raise UserError(f"{own}: no such file")
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(own, target)
        for path in filter(self.has, inference_files(self.plan)):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(self.of_study(path), target)
        scores = self.network_scores()
        files = {
            (run.method.name, run.regime, run.scale, run.seed, item.name): (run, item.name)
            for run in represented_runs(self.plan)
            for item in self.plan.config.test_sets
        }
        for keys, rows in scores.groupby(KEYS, sort=False) if len(scores) else ():
            if keys not in files:
                raise UserError(f"{self.path / NETWORK_SCORES}: {keys}: not in the study")
            target = root / self.plan.clusters_file(*files[keys])
            target.parent.mkdir(parents=True, exist_ok=True)
            rows.to_csv(target, index=False)


def taken_along(plan: Plan) -> list[str]:
    """Return the files of a study that a report has as they are, below its own folder.

    The records that lines under tables are made from, and what statistics are computed from
    beside `GATHERED`.
    """
    inputs = statistics_inputs(plan)
    others = [path for name, own in inputs.items() if name not in GATHERED for path in own]
    return [digests_file(plan), versions_file(plan), *others]


def chosen(items: Iterable[Item[Any]], kinds: Iterable[str] | None) -> list[Item[Any]]:
    """Return the tables or figures of some kinds; all of them for None.

    Raises:
        UserError: there is no such kind in the study.
    """
    items = list(items)
    if kinds is None:
        return items
    known, wanted = {item.kind for item in items}, list(kinds)
    for kind in wanted:
        if kind not in known:
            raise UserError(f"no {kind!r} in this study; allowed: {', '.join(sorted(known))}")
    return [item for item in items if item.kind in wanted]


def item_files(item: Item[Any]) -> list[Path]:
    """Return the files of a table or figure that are there, caption and pictures among them."""
    endings = (*item.spec.endings, "rst")
    pictures = sorted(Path(f"{item.stem}_pictures").glob("[!.]*"))
    return [*(Path(f"{item.stem}.{ending}") for ending in endings), *pictures]

"""From a study's files to what is published of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dasr.embedding.scores import SCORES
from dasr.statistics.jobs import read_rows
from dasr.study.images import KINDS
from dasr.study.inference import INFERENCE
from dasr.study.published import NetworkFiles
from dasr.terms.columns import BICUBIC, MEAN
from dasr.terms.metrics import GAIN, METRICS
from dasr.text import markdown_paragraph
from dasr.tracking.published import PublishedRun

KEYS = ("method", "regime", "scale", "seed", "stage")
DIGESTS = {"dasr.data_digest": "data", "dasr.config_digest": "digest"}
"""Tag, and key of a trained network's record."""
MEASURED = ("parameters", "flops", "threads", "device", "source")
"""Keys of a record, beside its configuration, that are shown as parameters."""


def child_run(study: str, files: NetworkFiles, inference: Path | None = None) -> PublishedRun:
    """Return what is published of one network.

    An imported network has no history, and its record neither data nor configuration.

    Args:
        study: name of the study.
        files: of the network.
        inference: rows of what enlarging an image takes, of one network of each method.
    """
    record = yaml.safe_load(Path(files.record).read_text(encoding="utf-8"))
    where = f"{record['method']}/{record['regime']}/x{record['scale']}/seed{record['seed']}"
    tags = {
        "dasr.study": study,
        **{f"dasr.{key}": str(record[key]) for key in ("method", "regime", "scale", "seed")},
        **{tag: str(record[key]) for tag, key in DIGESTS.items() if key in record},
        "mlflow.source.git.commit": record["commit"],
    }
    joint = [files.histories["joint"]] if "joint" in files.histories else []
    return PublishedRun(
        key=f"{study}/{where}",
        name=where,
        tags=tags,
        params=flatten(record.get("config", {}))
        | {key: record[key] for key in MEASURED if key in record},
        metrics=_quality(files.metrics) | _scores(files.clusters) | _takes(inference, record),
        curves={stage: _curve(path) for stage, path in files.histories.items()},
        artifacts={
            "training": [Path(path) for path in (files.record, *joint)],
            "metrics": [Path(path) for path in files.metrics],
            "clusters": [Path(path) for path in files.clusters],
        },
        tables={},
        network=Path(files.network),
    )


def _quality(paths: Sequence[str]) -> dict[str, float]:
    """Return each metric's mean over a test set's images and degradations."""
    found = {}
    for path in paths:
        rows = read_rows(path)
        testset = rows["testset"].iloc[0]
        for metric in METRICS:
            found[f"{testset}/{metric.column}"] = float(rows[metric.column].mean())
    return found


def _takes(inference: Path | None, record: Mapping[str, Any]) -> dict[str, float]:
    """Return milliseconds and megabytes of the method that a network is of."""
    if inference is None:
        return {}
    rows, key = read_rows(inference), ["method", "regime", "scale"]
    (own,) = rows[(rows[key] == [record[name] for name in key]).all(axis=1)].to_dict("records")
    return {f"{INFERENCE}/{name}": float(own[name]) for name in ("milliseconds", "peak_mb")}


def _scores(paths: Sequence[str]) -> dict[str, float]:
    """Return each score of representations by test set and task."""
    return {
        f"{row['testset']}/{row['task']}/{score.column}": float(row[score.column])
        for path in paths
        for row in read_rows(path).to_dict("records")
        for score in SCORES
    }


def parent_run(
    config: Mapping[str, Any],
    *,
    digests: Path,
    commit: str,
    claims: Path,
    frames: Mapping[str, Path],
    tables: Sequence[Path],
    figures: Sequence[Path],
) -> PublishedRun:
    """Return what is published of a whole study.

    Args:
        config: the checked study configuration, as plain data.
        digests: YAML with the digest of every image set, by what it is for.
        commit: the commit that publishes.
        claims: what the study claimed, and when, YAML.
        frames: CSV files of statistics by name, `summary` among them.
        tables: files of the report's tables, and folders of their pictures.
        figures: files of the report's figures.
    """
    study = str(config["study"])
    read = {name: read_rows(path) for name, path in frames.items()}
    return PublishedRun(
        key=study,
        name=f"study {study}",
        tags={
            "dasr.study": study,
            "mlflow.note.content": markdown_paragraph(str(config["title"])),
            "mlflow.source.git.commit": commit,
            **_data_digests(digests),
        },
        params=flatten(config),
        metrics=_gains(read["summary"]),
        curves={},
        artifacts={
            "tables": [path for path in tables if not path.is_dir()],
            **{f"tables/{path.name}": _shown(path) for path in tables if path.is_dir()},
            "figures": list(figures),
            "data": [digests, claims],
        },
        tables={name: frame for name, frame in read.items() if len(frame)},
    )


def _gains(summary: pd.DataFrame) -> dict[str, float]:
    """Return each method's gain over bicubic in dB, mean over the grid and over seeds."""
    means = summary[(summary["kernel"] == MEAN) & (summary["method"] != BICUBIC)]
    return {
        f"{row['testset']}/{row['regime']}/x{row['scale']}/{GAIN}/{row['method']}": float(
            row[GAIN]
        )
        for row in means.to_dict("records")
    }


def _data_digests(digests: Path) -> dict[str, str]:
    """Return a tag with the digest of each image set."""
    sets = yaml.safe_load(digests.read_text(encoding="utf-8"))
    return {
        f"dasr.data_digest.{kind}.{name}": value
        for kind in KINDS
        for name, value in sets[kind].items()
    }


def _shown(folder: Path) -> list[Path]:
    """Return a folder's files without hidden ones, which are the workflow's."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def flatten(values: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested mappings as one level of dotted keys; lists stay values."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def _curve(path: str) -> pd.DataFrame:
    history = read_rows(path)
    return history.drop(columns=[key for key in KEYS if key in history])

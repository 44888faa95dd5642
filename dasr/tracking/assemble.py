"""From a study's files to what is published of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dasr.embedding.scores import SCORES
from dasr.statistics.jobs import read_rows
from dasr.terms.columns import BICUBIC, MEAN
from dasr.terms.metrics import GAIN, METRICS
from dasr.text import markdown_paragraph
from dasr.tracking.published import PublishedRun

KEYS = ("method", "regime", "scale", "seed", "stage")
DIGESTS = {"dasr.data_digest": "data", "dasr.config_digest": "digest"}
"""Tag, and key of a trained network's record."""
MEASURED = ("parameters", "flops", "threads", "device", "source")
"""Keys of a record, beside its configuration, that are shown as parameters."""


def child_run(study: str, files: Mapping[str, Any]) -> PublishedRun:
    """Return what is published of one network.

    Args:
        study: name of the study.
        files: paths: `run` (YAML), `network`, `history` and `encoder_history` (or None),
            and lists `metrics` and `clusters` (CSV). An imported network has no history,
            and its record neither data nor configuration.
    """
    record = yaml.safe_load(Path(files["run"]).read_text(encoding="utf-8"))
    where = f"{record['method']}/{record['regime']}/x{record['scale']}/seed{record['seed']}"
    histories = {"joint": files["history"], "encoder": files["encoder_history"]}
    scores: dict[str, float] = {}
    for path in files["metrics"]:
        table = read_rows(path)
        testset = table["testset"].iloc[0]
        for metric in METRICS:
            scores[f"{testset}/{metric.column}"] = float(table[metric.column].mean())
    for path in files["clusters"]:
        for row in read_rows(path).to_dict("records"):
            for score in SCORES:
                name = f"{row['testset']}/{row['task']}/{score.column}"
                scores[name] = float(row[score.column])
    tags = {
        "dasr.study": study,
        **{f"dasr.{key}": str(record[key]) for key in ("method", "regime", "scale", "seed")},
        **{tag: str(record[key]) for tag, key in DIGESTS.items() if key in record},
        "mlflow.source.git.commit": record["commit"],
    }
    plain = [Path(files[key]) for key in ("run", "history") if files[key]]
    return PublishedRun(
        key=f"{study}/{where}",
        name=where,
        tags=tags,
        params=flatten(record.get("config", {}))
        | {key: record[key] for key in MEASURED if key in record},
        metrics=scores,
        curves={name: _curve(path) for name, path in histories.items() if path},
        artifacts={
            "training": plain,
            "metrics": [Path(path) for path in files["metrics"]],
            "clusters": [Path(path) for path in files["clusters"]],
        },
        tables={},
        network=Path(files["network"]),
    )


def parent_run(
    config: Mapping[str, Any],
    *,
    digests: Path,
    commit: str,
    frames: Mapping[str, Path],
    tables: Sequence[Path],
    figures: Sequence[Path],
) -> PublishedRun:
    """Return what is published of a whole study.

    Args:
        config: the checked study configuration, as plain data.
        digests: YAML with the digest of every image set, under "train" and "test".
        commit: the commit that publishes.
        frames: CSV files of `summary`, `paired` and `clusters`.
        tables: files of the report's tables, and folders of their pictures.
        figures: files of the report's figures.
    """
    study = str(config["study"])
    read = {name: read_rows(path) for name, path in frames.items()}
    summary = read["summary"]
    means = summary[(summary["kernel"] == MEAN) & (summary["method"] != BICUBIC)]
    scores = {
        f"{row['testset']}/{row['regime']}/x{row['scale']}/{GAIN}/{row['method']}": float(
            row[GAIN]
        )
        for row in means.to_dict("records")
    }
    sets = yaml.safe_load(digests.read_text(encoding="utf-8"))
    data = {f"dasr.data_digest.{kind}.{name}": value for kind in ("train", "test")
            for name, value in sets[kind].items()}  # fmt: skip
    return PublishedRun(
        key=study,
        name=f"study {study}",
        tags={
            "dasr.study": study,
            "mlflow.note.content": markdown_paragraph(str(config["title"])),
            "mlflow.source.git.commit": commit,
            **data,
        },
        params=flatten(config),
        metrics=scores,
        curves={},
        artifacts={
            "tables": [path for path in tables if not path.is_dir()],
            **{f"tables/{path.name}": _shown(path) for path in tables if path.is_dir()},
            "figures": list(figures),
            "data": [digests],
        },
        tables={name: frame for name, frame in read.items() if len(frame)},
    )


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

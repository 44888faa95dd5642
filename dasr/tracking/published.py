"""One run as it is published, and whether all of it is in a store."""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import FileInfo, Run

from dasr.config import digest
from dasr.config.store_file import is_local


@dataclass(frozen=True)
class PublishedRun:
    """One run to publish; everything in it exists as a file or was computed from files."""

    key: str
    """Unique in the store, e.g. main/dasr/noisy/x4/seed1."""
    name: str
    tags: dict[str, str]
    params: dict[str, Any]
    metrics: dict[str, float]
    """What is not finite stays in the files: MLflow would keep it as another number."""
    curves: dict[str, pd.DataFrame]
    """By prefix: columns `step` and one a curve."""
    artifacts: dict[str, list[Path]]
    """Files by artifact folder."""
    tables: dict[str, pd.DataFrame]
    """Shown as tables by the UI, by name."""
    network: Path | None = None
    """Safetensors file, logged as a loadable model."""

    def digest(self) -> str:
        """Return a digest of everything that is published."""
        files = [path for paths in self.artifacts.values() for path in paths]
        files += [self.network] if self.network else []
        frames = {**self.curves, **self.tables}
        return digest(
            [
                self.name,
                self.tags,
                json.dumps(self.params, sort_keys=True, default=str),
                sorted(item for item in self.metrics.items() if math.isfinite(item[1])),
                {name: frame.to_csv(index=False) for name, frame in frames.items()},
                [[path.name, _file_digest(path)] for path in files],
            ]
        )


def is_whole(client: MlflowClient, old: Run, run: PublishedRun) -> bool:
    """Return whether the artifacts of a published run are there, in the store's own place.

    Names and sizes are compared with the files that were published.
    """
    experiment = client.get_experiment(old.info.experiment_id)
    home = str(experiment.artifact_location).rstrip("/") + "/"
    if is_local(home) and not str(old.info.artifact_uri).startswith(home):
        return False  # a copy's run, whose files are in the original
    for folder, paths in run.artifacts.items():
        found = _sizes(client.list_artifacts(old.info.run_id, folder))
        if any(found.get(path.name) != path.stat().st_size for path in paths):
            return False
    if run.tables:
        found = _sizes(client.list_artifacts(old.info.run_id, "tables"))
        if not {f"{name}.json" for name in run.tables} <= found.keys():
            return False
    return run.network is None or _has_network(client, old, run.network)


def _has_network(client: MlflowClient, old: Run, network: Path) -> bool:
    models = client.search_logged_models(
        [old.info.experiment_id], filter_string=f"source_run_id = '{old.info.run_id}'"
    )
    if len(models) != 1:
        return False
    found = _sizes(client.list_logged_model_artifacts(models[0].model_id, "artifacts"))
    if found.get(network.name) != network.stat().st_size:
        return False
    return "MLmodel" in _sizes(client.list_logged_model_artifacts(models[0].model_id))


def _sizes(files: list[FileInfo]) -> dict[str, int | None]:
    return {Path(file.path).name: file.file_size for file in files}


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

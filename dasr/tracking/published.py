"""One run as it is published, and whether all of it is in a store."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import FileInfo, Run

from dasr.config import digest
from dasr.config.store_file import is_local, local_path
from dasr.files import file_digest


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
    """By prefix: columns `step` and one per curve."""
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
                [[path.name, file_digest(path)] for path in files],
            ]
        )


def is_whole(client: MlflowClient, home: str, old: Run, run: PublishedRun) -> bool:
    """Return whether the artifacts of a published run are there, in the store's own place.

    Args:
        client: of the store.
        home: where the experiment puts artifacts; folders are looked into without MLflow.
        old: what is in the store.
        run: what was published; names and sizes of its files are compared.
    """
    if is_local(home) and not str(old.info.artifact_uri).startswith(f"{home}/"):
        return False  # a copy's run, whose files are in the original
    models = old.outputs.model_outputs if old.outputs else []
    if len(models) != (run.network is not None):
        return False
    in_run = partial(_listed, client.list_artifacts, old.info.run_id, old.info.artifact_uri)
    wanted = [(in_run, folder, _sizes(paths)) for folder, paths in run.artifacts.items()]
    if run.tables:
        wanted.append((in_run, "tables", dict.fromkeys(f"{name}.json" for name in run.tables)))
    if run.network is not None:
        number = models[0].model_id
        address = f"{home}/models/{number}/artifacts"
        in_model = partial(_listed, client.list_logged_model_artifacts, number, address)
        wanted.append((in_model, "artifacts", _sizes([run.network])))
        wanted.append((in_model, "", {"MLmodel": None}))
    return all(_holds(listed(folder), files) for listed, folder, files in wanted)


def _holds(found: dict[str, int | None], wanted: dict[str, int | None]) -> bool:
    """Return whether files are there, with the right sizes where they are known."""
    return all(name in found and size in (None, found[name]) for name, size in wanted.items())


def _listed(
    ask: Callable[..., list[FileInfo]], key: str, address: str, folder: str
) -> dict[str, int | None]:
    """Return the sizes of the files in a folder of a run's or a model's artifacts."""
    if is_local(address):
        path = local_path(address) / folder
        return _sizes(path.iterdir()) if path.is_dir() else {}
    return {Path(file.path).name: file.file_size for file in ask(key, folder or None)}


def _sizes(paths: Iterable[Path]) -> dict[str, int | None]:
    return {path.name: path.stat().st_size for path in paths if path.exists()}

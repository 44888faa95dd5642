"""Mirror a study into MLflow: a parent run, and a child for every network.

Publishing is idempotent. Each run carries a key (what it is) and a digest (what was
published): the same digest is left alone, another one is replaced, so that the number of
runs depends on the study and not on how often it was published.
"""

import math
import secrets
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run
from mlflow.models import ModelSignature
from mlflow.types import Schema, TensorSpec

from dasr.config.store_address import shown, sqlite_file
from dasr.tracking.database import claim, store_lock
from dasr.tracking.published import PublishedRun, is_whole
from dasr.tracking.store import PUBLISHING, patience, store_errors

KEY, DIGEST = "dasr.key", "dasr.digest"
PARENT = "mlflow.parentRunId"
BATCH = 1000
"""Metrics in one `log_batch` call (MLflow's limit)."""
PARAM_LENGTH = 6000
"""Longest value of a parameter (MLflow's limit)."""


def publish_study(
    uri: str, experiment_id: str, parent: PublishedRun, children: Iterable[PublishedRun]
) -> dict[str, Any]:
    """Publish a study and return its receipt: run ids by key, and what was done.

    Children that the study no longer has are deleted from it. Studies publish to one
    SQLite store in turn.

    Raises:
        UserError: the store fails, in one line without the secrets of its URI.
    """
    file = sqlite_file(uri)
    alone = nullcontext() if file is None else store_lock(file)
    with store_errors(uri), patience(*PUBLISHING), alone:
        if file is not None:  # who addresses it in another way may have been here meanwhile
            claim(file, secrets.token_hex(6))
        mlflow.set_tracking_uri(uri)
        return _publish_study(MlflowClient(uri), uri, experiment_id, parent, children)


def _publish_study(
    client: MlflowClient,
    uri: str,
    experiment_id: str,
    parent: PublishedRun,
    children: Iterable[PublishedRun],
) -> dict[str, Any]:
    study = parent.tags["dasr.study"]
    existing = _existing(client, experiment_id, study)
    home = str(client.get_experiment(experiment_id).artifact_location).rstrip("/")
    receipt: dict[str, Any] = {"uri": shown(uri), "experiment_id": experiment_id, "runs": {}}
    parent_id, done = _publish(client, home, experiment_id, parent, None, existing)
    receipt["parent"] = {"run_id": parent_id, "done": done}
    for child in children:
        run_id, done = _publish(client, home, experiment_id, child, parent_id, existing)
        receipt["runs"][child.key] = {"run_id": run_id, "done": done}
    for leftover in existing.values():
        _delete(client, leftover)
    return receipt


def _existing(client: MlflowClient, experiment_id: str, study: str) -> dict[str, Run]:
    """Return a study's published runs by key.

    Of two runs with one key, which a publishing that was cut short leaves behind, the second
    is deleted.
    """
    found: dict[str, Run] = {}
    token = None
    while True:
        page = client.search_runs(
            [experiment_id], f"tags.`dasr.study` = '{study}'", page_token=token
        )
        for run in page:
            key = run.data.tags.get(KEY, "")
            if key in found:
                _delete(client, run)
            else:
                found[key] = run
        token = page.token
        if not token:
            return found


def _publish(
    client: MlflowClient,
    home: str,
    experiment_id: str,
    run: PublishedRun,
    parent_id: str | None,
    existing: dict[str, Run],
) -> tuple[str, str]:
    """Publish one run; return its id and "kept", "replaced" or "created"."""
    wanted = run.digest()
    old = existing.pop(run.key, None)
    if old is not None:
        finished = old.info.status == "FINISHED" and old.data.tags.get(DIGEST) == wanted
        if finished and is_whole(client, home, old, run):
            if parent_id is not None and old.data.tags.get(PARENT) != parent_id:
                client.set_tag(old.info.run_id, PARENT, parent_id)
            return str(old.info.run_id), "kept"
        _delete(client, old)
    tags = {**run.tags, KEY: run.key}
    if parent_id is not None:
        tags[PARENT] = parent_id
    created = client.create_run(experiment_id, tags=tags, run_name=run.name)
    run_id = str(created.info.run_id)
    _log_params(client, run_id, run)
    # before there are metrics: MLflow reads the history of each that it finds
    model_id = None if run.network is None else _log_network(run_id, run.network)
    _log_metrics(client, run_id, run, model_id)
    for folder, paths in run.artifacts.items():
        for path in paths:
            client.log_artifact(run_id, str(path), folder)
    for name, frame in run.tables.items():
        client.log_table(run_id, frame, f"tables/{name}.json")
    # last of all: whatever is cut short before is replaced the next time, although MLflow
    # calls a run finished as soon as its model is logged
    client.set_tag(run_id, DIGEST, wanted)
    client.set_terminated(run_id)
    return run_id, "created" if old is None else "replaced"


def _log_params(client: MlflowClient, run_id: str, run: PublishedRun) -> None:
    params = [Param(key, str(value)[:PARAM_LENGTH]) for key, value in run.params.items()]
    for start in range(0, len(params), 100):
        client.log_batch(run_id, params=params[start : start + 100])


def _log_metrics(
    client: MlflowClient, run_id: str, run: PublishedRun, model_id: str | None
) -> None:
    """Log curves, and scores for run and model, in as few calls as the limits allow."""
    now = int(time.time() * 1000)
    metrics = [
        # MLflow would keep a NaN as 0 and an infinity as 1.8e308
        Metric(key, value, now, 0, model_id=model_id)
        for key, value in run.metrics.items()
        if math.isfinite(value)
    ]
    for prefix, frame in run.curves.items():
        for column in frame.columns.drop("step"):
            # last step first: MLflow compares each point with the latest one and rewrites it
            rows = frame[["step", column]].iloc[::-1].itertuples(index=False)
            metrics += [
                Metric(f"{prefix}/{column}", float(v), now, int(s))
                for s, v in rows
                if math.isfinite(v)
            ]
    for start in range(0, len(metrics), BATCH):
        client.log_batch(run_id, metrics=metrics[start : start + BATCH])


def _log_network(run_id: str, network: Path) -> str:
    """Log the network as a model that `mlflow.pyfunc.load_model` gives back; return its id."""
    images = TensorSpec(np.dtype(np.uint8), (-1, -1, -1, 3))
    signature = ModelSignature(Schema([images]), Schema([images]))
    with mlflow.start_run(run_id=run_id, log_system_metrics=False):
        logged = mlflow.pyfunc.log_model(
            name="network",
            python_model=str(Path(__file__).with_name("served.py")),
            artifacts={"network": str(network)},
            signature=signature,
            pip_requirements=["torch", "safetensors", "numpy"],
        )
    return str(logged.model_id)


def _delete(client: MlflowClient, run: Run) -> None:
    """Delete a run and the models it logged."""
    run_id = run.info.run_id
    models = client.search_logged_models(
        [run.info.experiment_id], filter_string=f"source_run_id = '{run_id}'"
    )
    for model in models:
        client.delete_logged_model(model.model_id)
    client.delete_run(run_id)

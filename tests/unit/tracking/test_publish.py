"""Publishing to a fresh SQLite store, and what MLflow then gives back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
import torch
from mlflow import MlflowClient

from dasr.architectures import build_network
from dasr.checkpoint import save_network
from dasr.tracking import PublishedRun, ensure_experiment, publish, publish_study
from tests.tiny import model_config

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:mlflow.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:mlflow.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PARENT = PublishedRun(
    key="tiny",
    name="study tiny",
    tags={"dasr.study": "tiny"},
    params={},
    metrics={},
    curves={},
    artifacts={},
    tables={},
)
IMAGES = np.random.default_rng(0).integers(0, 256, (1, 12, 10, 3), np.uint8)


def child(folder: Path, seed: int) -> PublishedRun:
    """Return a run with a network of its own seed, whose files have a name of their own."""
    files = folder / f"seed{seed}"
    files.mkdir()
    torch.manual_seed(seed)
    config = model_config()
    save_network(files / f"weights{seed}.safetensors", build_network(config, 2), {"seed": seed})
    (files / "history.csv").write_text(f"seed\n{seed}\n")
    (files / "Set5.csv").write_text("psnr\n")
    steps = np.arange(1, 601)
    curve = pd.DataFrame({"step": steps, "loss": steps / 4.0, "psnr": steps * 10.0 + seed})
    curve.loc[299, "psnr"] = float("inf")
    return replace(
        PARENT,
        key=f"tiny/seed{seed}",
        name=f"seed{seed}",
        params={"model.width": 8, "long": "x" * 7000},
        metrics={
            "psnr": 30.0 + seed,
            "silhouette": float("nan"),
            "gain": float("inf"),
            "loss": float("-inf"),
        },
        curves={"joint": curve},
        artifacts={"training": [files / "history.csv"], "metrics": [files / "Set5.csv"]},
        network=files / f"weights{seed}.safetensors",
    )


class Store:
    """A fresh store in a folder, and a study of two networks."""

    def __init__(self, folder: Path) -> None:
        self.uri = f"sqlite:///{folder}/mlflow.db"  # a copy, which takes its new place
        self.experiment = ensure_experiment(self.uri)
        self.client = MlflowClient(self.uri)
        self.children = [child(folder, seed) for seed in (1, 2)]

    def publish(self) -> dict[str, tuple[str, str]]:
        """Publish; return id and what was done by key of the networks' runs."""
        receipt = publish_study(self.uri, self.experiment, PARENT, iter(self.children))
        return {key: (run["run_id"], run["done"]) for key, run in receipt["runs"].items()}

    def models(self, run_id: str) -> list[str]:
        """Return the ids of a run's models."""
        found = self.client.search_logged_models(
            [self.experiment], filter_string=f"source_run_id = '{run_id}'"
        )
        return [model.model_id for model in found]


@pytest.fixture
def store(
    tmp_path: Path, copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Store:
    monkeypatch.chdir(tmp_path)
    copied("mlflow.db")
    return Store(tmp_path)


def test_every_run_keeps_its_own_network(store: Store, tmp_path: Path) -> None:
    published = store.publish()
    for original in store.children:
        assert original.network is not None
        original.network.unlink()  # a copy must have been stored, not a link
    images = []
    for run_id, _ in published.values():
        (model_id,) = store.models(run_id)
        for uri in (f"runs:/{run_id}/network", f"models:/{model_id}"):
            images.append(mlflow.pyfunc.load_model(uri).predict(IMAGES))
    assert [image.shape for image in images] == [(1, 24, 20, 3)] * 4
    assert np.array_equal(images[0], images[1])
    assert np.array_equal(images[2], images[3])
    assert not np.array_equal(images[0], images[2])


def test_a_model_is_its_run_s_output_and_says_so(store: Store) -> None:
    for seed, (run_id, _) in enumerate(store.publish().values(), start=1):
        (output,) = store.client.get_run(run_id).outputs.model_outputs
        model = store.client.get_logged_model(output.model_id)
        assert (model.name, model.status, model.source_run_id) == ("network", "READY", run_id)
        assert model.params["model.width"] == "8"
        assert {metric.key: metric.value for metric in model.metrics} == {"psnr": 30.0 + seed}
        info = mlflow.models.get_model_info(f"models:/{model.model_id}")
        assert (info.run_id, info.model_id) == (run_id, model.model_id)
        assert info.signature is not None


def test_numbers_and_files_arrive_whole(store: Store) -> None:
    run_id, _ = store.publish()["tiny/seed2"]
    run = store.client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert len(run.data.params["long"]) == 6000
    assert run.data.metrics["joint/loss"] == 150.0  # the last step, not the last logged
    # what is not finite would be shown as another number
    assert run.data.metrics.keys() == {"psnr", "joint/loss", "joint/psnr"}
    points = store.client.get_metric_history(run_id, "joint/psnr")
    assert {point.step: point.value for point in points} == {
        step: step * 10.0 + 2 for step in range(1, 601) if step != 300
    }
    for path, text in (("training/history.csv", "seed\n2\n"), ("metrics/Set5.csv", "psnr\n")):
        stored = Path(store.client.download_artifacts(run_id, path))
        assert stored.read_text() == text
        assert not stored.is_symlink()


def test_step_0_is_a_point_and_an_empty_cell_is_none(store: Store) -> None:
    nan = float("nan")
    watched = pd.DataFrame(
        {"step": [0, 5, 10], "contrastive": [nan, 4.0, 3.0], "rank": [0.28, nan, 0.93]}
    )
    first, *others = store.children
    curves = {**first.curves, "encoder": watched}
    store.children = [replace(first, curves=curves, network=None), *others]
    run_id, _ = store.publish()["tiny/seed1"]
    for name, told in (("contrastive", {5: 4.0, 10: 3.0}), ("rank", {0: 0.28, 10: 0.93})):
        points = store.client.get_metric_history(run_id, f"encoder/{name}")
        assert {point.step: point.value for point in points} == told
    assert store.client.get_run(run_id).data.metrics["encoder/rank"] == 0.93


def test_a_run_cut_short_is_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    log = publish._log_metrics

    def killed(client: MlflowClient, run_id: str, run: PublishedRun, model: str | None) -> None:
        if run.key == "tiny/seed2":  # its model is logged by now
            raise KeyboardInterrupt
        log(client, run_id, run, model)

    with monkeypatch.context() as patch:
        patch.setattr(publish, "_log_metrics", killed)
        with pytest.raises(KeyboardInterrupt):
            store.publish()
    published = store.publish()
    assert [done for _, done in published.values()] == ["kept", "replaced"]
    runs = store.client.search_runs([store.experiment])
    assert len(runs) == 3
    assert {run.info.status for run in runs} == {"FINISHED"}
    models = store.client.search_logged_models([store.experiment])
    assert {model.source_run_id for model in models} == {run for run, _ in published.values()}
    assert mlflow.pyfunc.load_model(f"runs:/{published['tiny/seed2'][0]}/network")


def test_what_did_not_change_is_kept_and_what_is_gone_goes(store: Store) -> None:
    first = store.publish()
    store.children[0] = replace(store.children[0], metrics={"psnr": 31.5})
    second = store.publish()
    assert [done for _, done in second.values()] == ["replaced", "kept"]
    assert second["tiny/seed2"][0] == first["tiny/seed2"][0]
    assert store.models(first["tiny/seed1"][0]) == []
    del store.children[1]
    assert list(store.publish()) == ["tiny/seed1"]
    assert len(store.client.search_runs([store.experiment])) == 2

"""One method measured from files to files."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from dasr.architectures import build_network
from dasr.checkpoint import save_network
from dasr.config import Degradation, EvaluationConfig, Kernel, RepresentationConfig
from dasr.evaluation.jobs import evaluate_checkpoints, evaluate_method
from dasr.seeds import initialisation
from dasr.terms.columns import RUN
from dasr.terms.keys import RunKeys
from dasr.terms.metrics import METRICS
from tests.tiny import images, model_config, packed

CELLS = tuple(
    Degradation(kernel=Kernel.of_width(width), noise_level=level)
    for width in (0.6, 1.2)
    for level in (0.0, 10.0)
)
CONFIG = EvaluationConfig(degradations=CELLS, noise_seed=0, example=CELLS[3])
ASKED = RepresentationConfig(
    classes={"kernel_width": (CELLS[0], CELLS[2])}, crop_size=8, crops_per_image=4, seed=0
)


@pytest.fixture
def network_file(tmp_path: Path) -> Path:
    """A network of scale 2."""
    with initialisation(0):
        network = build_network(model_config(), 2)
    save_network(tmp_path / "model.safetensors", network, {})
    return tmp_path / "model.safetensors"


def _evaluate(
    folder: Path, method: str, network_file: Path | None, **embedding: Any
) -> RunKeys:
    packed(folder, images(2, 32, 36), "Two")
    keys = RunKeys(study="s", method=method, regime="r", scale=2, seed=1)
    evaluate_method(
        keys,
        CONFIG,
        network_file=network_file,
        pixels=folder / "Two.npy",
        index=folder / "Two.csv",
        device=torch.device("cpu"),
        metrics_file=folder / "metrics.csv",
        examples_file=folder / "examples.npz",
        **embedding,
    )
    return keys


def test_every_file_says_whose_it_is(tmp_path: Path, network_file: Path) -> None:
    embedding = tmp_path / "embedding.npz"
    keys = asdict(_evaluate(tmp_path, "dasr", network_file, embedding=(ASKED, embedding)))
    rows = pd.read_csv(tmp_path / "metrics.csv")
    assert rows.columns[: len(RUN)].tolist() == list(RUN)
    assert rows[[*RUN]].drop_duplicates().to_dict("records") == [keys]
    assert len(rows) == 2 * len(CELLS)
    assert np.isfinite(rows[[metric.column for metric in METRICS]]).all(axis=None)
    for path in (tmp_path / "examples.npz", embedding):
        with np.load(path) as arrays:
            assert {key: arrays[key].item() for key in keys} == keys
            assert arrays["testset"].item() == "Two"
    with np.load(embedding) as arrays:
        assert arrays["kernel_width_representation"].shape == (2 * 2 * 4, 16)
        assert set(arrays["kernel_width_label"]) == {0.6, 1.2}


def test_bicubic_needs_no_network_and_has_no_representation(tmp_path: Path) -> None:
    _evaluate(tmp_path, "bicubic", None)
    assert set(pd.read_csv(tmp_path / "metrics.csv")["method"]) == {"bicubic"}
    with np.load(tmp_path / "examples.npz") as arrays:
        assert arrays["degradation"].item() == "width 1.2, noise 10"
    with pytest.raises(ValueError, match="bicubic has no representation"):
        _evaluate(tmp_path, "bicubic", None, embedding=(ASKED, tmp_path / "embedding.npz"))
    assert not (tmp_path / "embedding.npz").exists()


def test_checkpoints_are_measured_as_a_finished_network_is(
    tmp_path: Path, network_file: Path
) -> None:
    with initialisation(7):
        save_network(tmp_path / "early.safetensors", build_network(model_config(), 2), {})
    keys = _evaluate(tmp_path, "dasr", network_file)
    packed(tmp_path, images(3, 28, 30), "Three")
    evaluate_checkpoints(
        keys,
        CONFIG,
        network_files={20: tmp_path / "early.safetensors", 500: network_file},
        pixels=[tmp_path / "Two.npy", tmp_path / "Three.npy"],
        index=[tmp_path / "Two.csv", tmp_path / "Three.csv"],
        device=torch.device("cpu"),
        metrics_file=tmp_path / "kept.csv",
    )
    rows = pd.read_csv(tmp_path / "kept.csv")
    assert rows.groupby(["joint_steps", "testset"], sort=False).size().to_dict() == {
        (step, testset): count * len(CELLS)
        for step in (20, 500)
        for testset, count in (("Two", 2), ("Three", 3))
    }
    last = rows[(rows["joint_steps"] == 500) & (rows["testset"] == "Two")]
    finished = pd.read_csv(tmp_path / "metrics.csv")
    own = last.drop(columns="joint_steps").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, finished)
    early = rows[(rows["joint_steps"] == 20) & (rows["testset"] == "Two")]
    assert not np.allclose(early["psnr_y_db"], own["psnr_y_db"])

"""Both stages from files to files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
import yaml

from dasr.checkpoint import load_network
from dasr.config import RunConfig, digest, to_dict
from dasr.errors import UserError
from dasr.training import jobs
from dasr.training.early_jobs import run_encoder_stage
from dasr.training.inputs import checkpoint_seconds
from dasr.training.jobs import run_joint_stage
from tests.tiny import images, packed, run_config


@pytest.fixture
def common(tmp_path: Path) -> dict[str, Any]:
    """Arguments of both stages."""
    packed(tmp_path, images(3, 24, 28), "train")
    return {
        "pixels": [tmp_path / "train.npy"],
        "index": [tmp_path / "train.csv"],
        "source": "code digest",
        "device": torch.device("cpu"),
    }


def _encoder_stage(run: RunConfig, folder: Path, common: dict[str, Any]) -> Path:
    stage, state_file = run.encoder_stage(), folder / "encoder.safetensors"
    assert stage is not None
    run_encoder_stage(
        stage,
        folder=folder / "encoder-stage",
        state_file=state_file,
        history_file=folder / "encoder.csv",
        run_file=folder / "encoder.yaml",
        **common,
    )
    return state_file


def _joint_stage(
    run: RunConfig,
    encoder_state: Path | None,
    folder: Path,
    common: dict[str, Any],
    encoder_source: str = "code digest",
    steps: Sequence[int] = (),
) -> None:
    run_joint_stage(
        run,
        encoder_pixels=common["pixels"],
        encoder_index=common["index"],
        encoder_source=encoder_source,
        encoder_state=encoder_state,
        folder=folder / "stage",
        network_file=folder / "model.safetensors",
        history_file=folder / "history.csv",
        run_file=folder / "run.yaml",
        checkpoint_files={step: folder / f"kept/step{step}.safetensors" for step in steps},
        **common,
    )


def test_networks_on_the_way_are_handed_over(
    tmp_path: Path, common: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_config()
    state_file = _encoder_stage(run, tmp_path, common)
    _joint_stage(run, state_file, tmp_path, common, steps=[2, 5])
    kept = {path.name: path for path in (tmp_path / "kept").iterdir()}
    assert sorted(kept) == ["step2.safetensors", "step5.safetensors"]
    assert not list(tmp_path.glob("*stage/*.checkpoints"))
    final = load_network(tmp_path / "model.safetensors")[1]
    for name, path in kept.items():
        card = load_network(path)[1]
        assert f"step{card['step']}.safetensors" == name
        assert {**card, "step": 6} == final
    before = {name: path.read_bytes() for name, path in kept.items()}
    for path in kept.values():
        path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "train_network", None)
        _joint_stage(run, state_file, tmp_path, common, steps=[2, 5])  # they come back
        (tmp_path / "kept/step5.safetensors").unlink()
        _joint_stage(run, state_file, tmp_path, common, steps=[2])  # fewer are there already
    assert not (tmp_path / "kept/step5.safetensors").exists()
    _joint_stage(run, state_file, tmp_path, common, steps=[2, 3])  # one more is trained for
    assert (tmp_path / "kept/step2.safetensors").read_bytes() == before["step2.safetensors"]
    assert load_network(tmp_path / "kept/step3.safetensors")[1]["step"] == 3


def test_files_of_a_run(tmp_path: Path, common: dict[str, Any]) -> None:
    run = run_config()
    _joint_stage(run, _encoder_stage(run, tmp_path, common), tmp_path, common)
    assert not list(tmp_path.glob("*stage/*.safetensors"))
    history = pd.read_csv(tmp_path / "history.csv")
    assert history.columns.tolist() == [
        "method", "regime", "scale", "seed", "stage",
        "step", "learning_rate", "l1", "contrastive",
    ]  # fmt: skip
    assert history["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(history["method"]) == {"dasr"}
    encoder = pd.read_csv(tmp_path / "encoder.csv")
    assert encoder.columns.tolist()[-5:] == [
        "step", "learning_rate", "contrastive", "contrastive_in_batch", "old_among_confused",
    ]  # fmt: skip
    network, card = load_network(tmp_path / "model.safetensors")
    record = yaml.safe_load((tmp_path / "run.yaml").read_text(encoding="utf-8"))
    assert card["digest"] == record["digest"] == digest(run)
    assert record["parameters"] == sum(p.numel() for p in network.parameters())
    assert record["config"]["settings"]["training"]["batch_size"] == 2
    stage = yaml.safe_load((tmp_path / "encoder.yaml").read_text(encoding="utf-8"))
    assert stage["config"] == to_dict(run.encoder_stage())
    for told in (record, stage):
        assert told["torch"] == torch.__version__
        assert "(" in told["machine"]
        assert 0 < told["cpu_seconds"] < 60


def test_encoder_state_of_other_code_is_refused(tmp_path: Path, common: dict[str, Any]) -> None:
    run = run_config()
    state_file = _encoder_stage(run, tmp_path, common)
    with pytest.raises(UserError, match=r"encoder\.safetensors: encoder"):
        _joint_stage(run, state_file, tmp_path, common, "edited")


def test_a_finished_stage_is_not_trained_again(
    tmp_path: Path, common: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when Snakemake has removed the outputs of a job that it has not seen end."""
    run = run_config()
    state_file = _encoder_stage(run, tmp_path, common)
    _joint_stage(run, state_file, tmp_path, common)
    names = (
        "encoder.safetensors",
        "encoder.csv",
        "encoder.yaml",
        "model.safetensors",
        "history.csv",
        "run.yaml",
    )
    before = {name: (tmp_path / name).read_bytes() for name in names}
    for name in names:
        (tmp_path / name).unlink()
    monkeypatch.setattr(jobs, "train_encoder", None)
    monkeypatch.setattr(jobs, "train_network", None)
    _joint_stage(run, _encoder_stage(run, tmp_path, common), tmp_path, common)
    assert {name: (tmp_path / name).read_bytes() for name in names} == before


@pytest.mark.parametrize("text", ["soon", "-1", "nan", ""])
def test_seconds_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DASR_CHECKPOINT_SECONDS", text)
    with pytest.raises(UserError, match=r"DASR_CHECKPOINT_SECONDS: '.*' is not a number"):
        checkpoint_seconds()

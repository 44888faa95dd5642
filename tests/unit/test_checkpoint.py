"""Networks as files: what comes back, and what is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from dasr.checkpoint import load_network, load_tensors, save_network, save_tensors
from dasr.config import DegradationConfig
from dasr.errors import UserError
from dasr.model import DASR
from tests.tiny import model_config

MODEL = model_config(bicubic_skip=True, upsampler="single")


def _saved(path: Path) -> DASR:
    network = DASR(MODEL, 3)
    save_network(path, network, MODEL, {"variant": "dasr", "step": 7})
    return network


def test_network_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    saved = _saved(path).eval()
    loaded, card = load_network(path)
    lr_image = torch.rand(1, 3, 9, 9) * 255
    with torch.no_grad():
        assert torch.equal(loaded(lr_image), saved(lr_image))
    assert not loaded.training
    assert (card["variant"], card["step"], card["scale"]) == ("dasr", 7, 3)
    assert card["model"]["upsampler"] == "single"


def test_card_may_hold_configurations(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    degradation = DegradationConfig(kernel_width={2: (0.2, 2.0)})
    save_tensors(path, {"x": torch.arange(6).view(2, 3).T}, {"degradation": degradation})
    tensors, card = load_tensors(path)
    assert tensors["x"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert card["degradation"]["noise_level"] == [0.0, 0.0]


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"model\.safetensors: no such file"):
        load_network(tmp_path / "model.safetensors")


@pytest.mark.parametrize("length", [0, 100, -1])
def test_truncated_file_is_named(tmp_path: Path, length: int) -> None:
    path = tmp_path / "model.safetensors"
    _saved(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(UserError, match=r"model\.safetensors: not a whole safetensors"):
        load_network(path)


def test_file_of_another_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"x": torch.zeros(1)}, path)
    with pytest.raises(UserError, match=r"model\.safetensors: .*not written by this"):
        load_network(path)


def test_training_state_is_no_network(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    save_tensors(path, {"x": torch.zeros(1)}, {"kind": "training state"})
    with pytest.raises(UserError, match=r"state\.safetensors: holds a 'training state'"):
        load_network(path)


def test_tensors_that_do_not_fit_the_card_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_network(path, DASR(MODEL, 3), model_config(num_groups=2), {})
    with pytest.raises(UserError, match=r"model\.safetensors: .*groups\.1"):
        load_network(path)


@pytest.mark.parametrize("card", [{"kind": "network"}, {"kind": "network", "model": {}}])
def test_card_without_sizes_is_refused(tmp_path: Path, card: dict[str, object]) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"x": torch.zeros(1)}, path, metadata={"dasr": json.dumps(card)})
    with pytest.raises(UserError, match=r"model\.safetensors"):
        load_network(path)

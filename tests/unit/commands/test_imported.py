"""Networks from elsewhere as methods of a study."""

from pathlib import Path

import pytest
import torch
import yaml

from dasr.architectures import build_network
from dasr.checkpoint import load_network, save_network
from dasr.commands.imported import import_network
from dasr.errors import UserError
from tests.tiny import model_config


def _import(source: Path, folder: Path, scale: int = 2) -> None:
    import_network(
        source,
        name="theirs",
        regime="blur",
        scale=scale,
        network_file=folder / "model.safetensors",
        run_file=folder / "run.yaml",
    )


def test_a_network_keeps_its_pixels_and_takes_the_method_s_name(tmp_path: Path) -> None:
    source, model = tmp_path / "x2.safetensors", model_config()
    network = build_network(model, 2).eval()
    save_network(source, network, {"method": "dasr", "seed": 3})
    _import(source, tmp_path / "here")
    found, card = load_network(tmp_path / "here/model.safetensors")
    lr_image = torch.arange(3.0 * 12 * 12).reshape(1, 3, 12, 12) % 255
    with torch.inference_mode():
        assert torch.equal(found(lr_image, None), network(lr_image, None))
    record = yaml.safe_load((tmp_path / "here/run.yaml").read_text())
    assert record == {k: v for k, v in card.items() if k not in ("kind", "model")}
    assert (record["method"], record["regime"], record["seed"]) == ("theirs", "blur", 0)
    assert record["parameters"] == sum(p.numel() for p in network.parameters())


def test_another_scale_and_an_oracle_are_refused(tmp_path: Path) -> None:
    for name, model in (("x2", model_config()), ("o", model_config(representation="oracle"))):
        save_network(tmp_path / f"{name}.safetensors", build_network(model, 2), {})
    with pytest.raises(UserError, match=r"x2.safetensors: a network for x2, not x4"):
        _import(tmp_path / "x2.safetensors", tmp_path / "here", scale=4)
    with pytest.raises(UserError, match=r"o.safetensors: its representation is 'oracle'"):
        _import(tmp_path / "o.safetensors", tmp_path / "here")
    assert not (tmp_path / "here").exists()

"""What planning reads of imported networks, from the headers of their files."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from dasr.architectures import build_network
from dasr.checkpoint import save_network, save_tensors
from dasr.config import ImportedConfig
from dasr.config.network_file import ImportedModel, file_model, imported_models
from tests.tiny import model_config

UNTOLD = ImportedModel(architecture="dasr", representation="learned")
"""Taken of a file that tells nothing, until the job that imports it reads all of it."""


def _saved(path: Path, representation: str) -> Path:
    model = model_config(representation=representation)
    save_network(path, build_network(model, 2), {"method": "mine"})
    return path


def _written(path: Path, header: Any, length: int | None = None) -> Path:
    """Write a safetensors file of a header alone."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text)
    return path


@pytest.mark.parametrize("representation", ["learned", "oracle"])
def test_a_card_tells_architecture_and_representation(
    tmp_path: Path, representation: str
) -> None:
    found = file_model(_saved(tmp_path / "a.safetensors", representation))
    assert found == ImportedModel(architecture="dasr", representation=representation)


def _card(model: object) -> dict[str, Any]:
    return {"__metadata__": {"dasr": json.dumps({"model": model})}}


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (b"", None),
        (b"{}", 10**15),
        (b"{}", 1),
        (b"\xff\xfe", None),
        ([], None),
        ({"__metadata__": {}}, None),
        ({"__metadata__": None}, None),
        ({"__metadata__": {"dasr": 7}}, None),
        ({"__metadata__": {"dasr": "[" * 10**5}}, None),
        ({"__metadata__": {"dasr": "[]"}}, None),
        (_card(None), None),
        (_card({"architecture": "unheard"}), None),
        (_card({"representation": "oracle", "num_blocks": -1}), None),
        (_card({"representation": "oracle", "unknown": 1}), None),
    ],
)
def test_what_cannot_be_read_is_left_to_the_import(
    tmp_path: Path, header: Any, length: int | None
) -> None:
    assert file_model(_written(tmp_path / "a.safetensors", header, length)) == UNTOLD


def test_other_files_are_left_to_the_import(tmp_path: Path) -> None:
    cut, foreign = tmp_path / "cut.safetensors", tmp_path / "foreign.safetensors"
    cut.write_bytes(b"\x01\x02")
    save_tensors(foreign, {"a": torch.zeros(1)}, {"kind": "stage"})
    for path in (cut, foreign, tmp_path, tmp_path / "none.safetensors"):
        assert file_model(path) == UNTOLD
    released = _saved(tmp_path / "a.safetensors", "oracle").rename(tmp_path / "a.pt")
    assert file_model(released) == UNTOLD  # the authors' suffix: their architecture


def test_networks_of_one_method_are_alike(tmp_path: Path) -> None:
    files = {
        scale: str(_saved(tmp_path / f"{scale}.safetensors", representation))
        for scale, representation in ((2, "learned"), (4, "oracle"))
    }
    alike = ImportedConfig(name="a", title="A", regime="r", files={2: files[2]})
    assert imported_models([alike]) == (UNTOLD,)
    mixed = ImportedConfig(name="b", title="B", regime="r", files=files)
    told = "imported: b: files: networks of one method are alike.*4: 'dasr, .* oracle"
    with pytest.raises(ValueError, match=told):
        imported_models([mixed])

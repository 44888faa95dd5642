"""One flipped byte in any kind of file under results/ is refused by name, never used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dasr.architectures import build_network
from dasr.checkpoint import load_network, load_tensors, save_network, save_tensors
from dasr.data import PackedImages, open_packed, pack
from dasr.errors import UserError
from dasr.training.state import TrainingState
from tests.tiny import images, model_config

Read = Callable[[], Any]


def _network(folder: Path) -> tuple[Path, Read]:
    path, config = folder / "model.safetensors", model_config()
    save_network(path, build_network(config, 2), {"method": "dasr", "seed": 1})
    return path, lambda: load_network(path)


def _state(folder: Path) -> tuple[Path, Read]:
    path = folder / "state.safetensors"
    modules = torch.nn.ModuleDict({"contrast": torch.nn.Linear(3, 4)})
    TrainingState(modules).save(path, {"digest": "0123"})

    def restore() -> list[Any]:
        TrainingState(modules).restore(path, "0123")
        return [value.tolist() for value in modules.state_dict().values()]

    return path, restore


def _packed(folder: Path, file: str) -> tuple[Path, Read]:
    pixels, index = folder / "leaves.bin", folder / "leaves.csv"
    pack("leaves", images(2, 9, 11).items(), pixels, index)
    return (pixels if file == "pixels" else index), lambda: open_packed(pixels, index)


KINDS: dict[str, Callable[[Path], tuple[Path, Read]]] = {
    "network": _network,
    "training state": _state,
    "packed pixels": lambda folder: _packed(folder, "pixels"),
    "index": lambda folder: _packed(folder, "index"),
}


def _values(read: Any) -> Any:
    """Return what a reader gave as plain values that compare."""
    if isinstance(read, tuple):
        network, card = read
        return {k: v.tolist() for k, v in network.state_dict().items()}, card
    if isinstance(read, PackedImages):
        columns = ["set", "image", "height", "width", "offset"]
        return read.pixels.tolist(), read.index[columns].to_numpy().tolist()
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    path, read = KINDS[kind](tmp_path)
    whole, expected = path.read_bytes(), _values(read())
    rng = np.random.default_rng(0)
    refused = []
    places = {0, 7, 8, 9, len(whole) - 1, *rng.integers(0, len(whole), 60).tolist()}
    for place in sorted(places):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        try:
            found = read()
        except UserError as error:
            refused.append(str(error))
        else:  # a byte that says nothing: padding, the name of the digest
            assert _values(found) == expected, place
    assert all(line.startswith(f"{tmp_path}") and "\n" not in line for line in refused)
    assert len(refused) > 0.9 * len(places)
    path.write_bytes(whole[:-2])
    with pytest.raises(UserError, match=str(tmp_path)):
        read()


def test_a_file_of_another_version_is_read_unverified_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "old.safetensors"
    from safetensors.torch import save_file

    save_file({"a": torch.ones(2)}, path, metadata={"dasr": '{"kind": "network"}'})
    tensors, card = load_tensors(path)
    assert card == {"kind": "network"}
    assert tensors["a"].tolist() == [1, 1]
    assert "not verified" in caplog.text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_network_with_a_weight_that_is_not_finite_is_refused(
    tmp_path: Path, value: float
) -> None:
    config = model_config()
    network, path = build_network(config, 2), tmp_path / "model.safetensors"
    with torch.no_grad():
        network.generator.head.bias[0] = value
    with pytest.raises(UserError, match=r"model\.safetensors: weight 'generator\.head\.bias'"):
        save_network(path, network, {})
    assert not path.exists()
    card = {"kind": "network", "scale": 2, "model": config}
    save_tensors(path, network.state_dict(), card)
    with pytest.raises(UserError, match=r"model\.safetensors: weight 'generator\.head\.bias'"):
        load_network(path)


def test_the_same_contents_are_the_same_bytes(tmp_path: Path) -> None:
    """So that files compare by their bytes, and a copy is told from another network."""
    card = {"kind": "network", "scale": 2, "degradation": {4: (0.2, 4.0)}}
    tensors = {f"t{number}": torch.full((3,), float(number)) for number in range(9)}
    files = [tmp_path / f"{number}.safetensors" for number in range(8)]
    for path in files:
        save_tensors(path, tensors, card)
    assert len({path.read_bytes() for path in files}) == 1

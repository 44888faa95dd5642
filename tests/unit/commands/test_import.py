"""Released checkpoints, made in the authors' format from the reference weights."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.checkpoint import load_network
from dasr.commands.imported import import_network
from tests.golden import files
from tests.golden.authors import frozen_weights
from tests.unit.commands.conftest import Outcome

Run = Callable[..., Outcome]
_DU = "G.body.0.body.0.da_conv1.ca.conv_du.0.weight"


def _released(reference: Path, scale: int) -> dict[str, Tensor]:
    """Return what a released file holds: no key encoder, no queue, fixed mean shifts."""
    shapes = files.shapes(reference, scale)
    kept = {
        name: tensor
        for name, tensor in frozen_weights(shapes, 100 + scale).items()
        if not name.startswith(("E.encoder_k.", "E.queue"))
    }
    means = {name: torch.zeros(tuple(shapes[name])) for name in shapes if "_mean." in name}
    return {**kept, **means}


@pytest.mark.parametrize("scale", [2, 4])
def test_an_imported_network_computes_the_reference(
    dasr: Run, reference: Path, tmp_path: Path, scale: int
) -> None:
    source, out = tmp_path / "theirs.pt", tmp_path / "ours.safetensors"
    torch.save(_released(reference, scale), source)
    assert dasr("import-checkpoint", source, out).code == 0
    network, card = load_network(out)
    assert card["scale"] == scale
    vectors = files.load(reference / f"model_x{scale}.npz")
    with torch.inference_mode():
        sr = network(torch.from_numpy(vectors["lr"])).numpy()
    assert np.linalg.norm(sr - vectors["sr"]) <= 1e-5 * np.linalg.norm(vectors["sr"])
    card = json.loads(dasr("info", out).out)
    assert card["parameters"] == sum(p.numel() for p in network.parameters())


def test_every_wrong_key_is_named(dasr: Run, reference: Path, tmp_path: Path) -> None:
    weights = _released(reference, 4)
    del weights["G.head.0.bias"]
    del weights["E.encoder_q.mlp.2.bias"]
    weights["G.extra.weight"] = torch.zeros(1)
    weights["E.queue"] = torch.zeros(256, 8192)
    weights["G.tail.1.bias"] = torch.zeros(4)
    source = tmp_path / "theirs.pt"
    torch.save(weights, source)
    done = dasr("import-checkpoint", source, tmp_path / "ours.safetensors")
    assert done.code == 2
    for word in (
        "missing 2: encoder.mlp.2.bias, generator.head.bias",
        "unexpected 2: E.queue, G.extra.weight",
        "generator.tail.bias is (4,), expected (3,)",
    ):
        assert word in done.err
    assert not (tmp_path / "ours.safetensors").exists()


def test_truncated_checkpoint(dasr: Run, reference: Path, tmp_path: Path) -> None:
    source = tmp_path / "theirs.pt"
    torch.save(_released(reference, 2), source)
    source.write_bytes(source.read_bytes()[:100_000])
    done = dasr("import-checkpoint", source, tmp_path / "ours.safetensors")
    assert done.code == 2
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    assert "theirs.pt" in done.err


def test_a_study_takes_the_authors_file_as_it_is(reference: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "model_600.pt", tmp_path / "here"
    torch.save(_released(reference, 4), source)
    files_here = {"network_file": out / "model.safetensors", "run_file": out / "run.yaml"}
    import_network(source, name="released", regime="isotropic", scale=4, **files_here)
    network, card = load_network(out / "model.safetensors")
    assert (card["method"], card["source"], card["scale"]) == ("released", source.name, 4)
    vectors = files.load(reference / "model_x4.npz")
    with torch.inference_mode():
        sr = network(torch.from_numpy(vectors["lr"])).numpy()
    assert np.linalg.norm(sr - vectors["sr"]) <= 1e-5 * np.linalg.norm(vectors["sr"])


WEIGHT = "G.head.0.weight"
CRAFTED = {
    "0-d upsampler": ({"G.tail.0.0.weight": torch.zeros(())}, "an upsampler of scale 0"),
    "0-d linear layer": (
        {"G.tail.0.0.weight": torch.zeros(1024, 0), _DU: torch.zeros(())},
        "coefficients.0.weight is (), expected (8, 64)",
    ),
    "queue of pointers": (
        {"G.tail.0.0.weight": torch.zeros(1024, 0), "E.queue_ptr": torch.zeros(2)},
        "E.queue_ptr",
    ),
    "whole numbers": (
        {"G.tail.0.0.weight": torch.zeros(1024, 0), "G.head.0.bias": torch.arange(64)},
        "generator.head.bias is torch.int64",
    ),
    "40 GB in 4 bytes": ({WEIGHT: torch.zeros(1).expand(10**10)}, "repeated"),
    "40 GB of a layer": ({_DU: torch.zeros(1).expand(10**5, 10**5, 1, 1)}, "repeated"),
    "sparse": ({WEIGHT: torch.zeros(3).to_sparse()}, "sparse"),
    "complex": ({WEIGHT: torch.zeros(2, dtype=torch.complex64)}, "complex"),
    "BasicSR": ({"params": {WEIGHT: torch.zeros(1)}}, "holds 'params': a file of BasicSR"),
    "BasicSR's mean": ({"params_ema": {}, "params": {}}, "'params_ema': a file of BasicSR"),
    "state_dict": ({"state_dict": {}, "epoch": 3}, "holds 'state_dict': a training check"),
    "optimizer": ({"state": {}, "param_groups": []}, "the state of an optimizer"),
    "DataParallel": ({f"module.{WEIGHT}": torch.zeros(1)}, "begin with 'module.'"),
    "ours": ({"encoder.mlp.0.weight": torch.zeros(1)}, "a network of this project"),
    "a list": ([torch.zeros(1)], "expected tensors by name, got list"),
    "a number": ({"epoch": 3}, "'epoch' is not a named tensor"),
    "a number as name": ({7: torch.zeros(1)}, "'7' is not a named tensor"),
}


@pytest.mark.parametrize(
    ("case", "zipped"),
    [*((case, True) for case in CRAFTED), ("40 GB in 4 bytes", False), ("BasicSR", False)],
)
def test_what_is_no_released_file_is_said(
    dasr: Run, tmp_path: Path, case: str, zipped: bool
) -> None:
    content, told = CRAFTED[case]
    source, out = tmp_path / "odd.pt", tmp_path / "ours.safetensors"
    torch.save(content, source, _use_new_zipfile_serialization=zipped)
    done = dasr("import-checkpoint", source, out)
    assert done.code == 2
    assert done.err.startswith(f"error: {source}: "), done.err
    assert done.err.count("\n") == 1
    assert told in done.err
    assert not out.exists()


def test_a_compressed_archive_is_not_unpacked(dasr: Run, tmp_path: Path) -> None:
    plain, bomb = tmp_path / "plain.pt", tmp_path / "bomb.pt"
    torch.save({WEIGHT: torch.zeros(100_000)}, plain)
    with ZipFile(plain) as source, ZipFile(bomb, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    done = dasr("import-checkpoint", bomb, tmp_path / "ours.safetensors")
    assert done.code == 2
    assert "bomb.pt: would unpack to 40" in done.err

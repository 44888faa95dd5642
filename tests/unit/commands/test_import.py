"""Released checkpoints, made in the authors' format from the reference weights."""

import json
from collections.abc import Callable
from pathlib import Path

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
    assert (card["variant"], card["source"], card["scale"]) == ("released", source.name, 4)
    vectors = files.load(reference / "model_x4.npz")
    with torch.inference_mode():
        sr = network(torch.from_numpy(vectors["lr"])).numpy()
    assert np.linalg.norm(sr - vectors["sr"]) <= 1e-5 * np.linalg.norm(vectors["sr"])

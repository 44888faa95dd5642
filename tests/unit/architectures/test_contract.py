"""What every architecture has to do: a new one is tested here without a line."""

import dataclasses
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from dasr.architectures import build_network, count_flops, count_parameters, sizes_of
from dasr.architectures.encoder import Encoder
from dasr.cards import network_card
from dasr.checkpoint import content_digest, load_network, save_network
from dasr.cli import main
from dasr.commands.upscale import network_upscaler
from dasr.config import (
    ARCHITECTURES,
    SCALES,
    Degradation,
    Kernel,
    MethodConfig,
    ModelConfig,
    RunConfig,
    architecture_module,
)
from dasr.config.models.parts import PartTraining
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, to_pixels, to_tensor
from dasr.errors import UserError
from dasr.training.context import RunContext
from dasr.training.loop import train_network
from dasr.training.step import new_learner
from tests.tiny import MODEL, SMALL, images, packed, run_config, trained_parts

TRUTH = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.2), noise_level=5.0)])


def _configs() -> dict[str, ModelConfig]:
    """Return the smallest of each architecture, with each representation that it can have."""
    found = {}
    for name, kind in ARCHITECTURES.items():
        hint = get_type_hints(kind)["representation"]
        assert get_origin(hint) is Literal, "the representations that an architecture can have"
        known = {field.name for field in dataclasses.fields(kind)}
        sizes = {**MODEL, **SMALL}
        small = {key: value for key, value in sizes.items() if key in known}
        denoiser = {key: small.pop(key) for key in SMALL if key.startswith("denoiser_")}
        for representation in get_args(hint):
            small["representation"] = representation
            found[f"{name} {representation}"] = kind(**small)
            if found[f"{name} {representation}"].encoder is None:
                behind = kind(**small, **denoiser, denoise_first="dncnn")
                found[f"{name} {representation}, denoised"] = behind
    return found


CONFIGS = _configs()


@pytest.fixture(params=CONFIGS)
def model(request: pytest.FixtureRequest) -> ModelConfig:
    """Each architecture in each of its kinds."""
    return CONFIGS[request.param]


def _truth(model: ModelConfig) -> DegradationBatch | None:
    return TRUTH if model.representation == "oracle" else None


def _run(model: ModelConfig) -> RunConfig:
    contrast: dict[str, Any] = {} if model.encoder else {"enabled": False}
    run = run_config(contrastive=contrast)
    part = PartTraining(epochs=1, learning_rate=0.001, decay_epochs=1)
    training = dataclasses.replace(
        run.settings.training,
        encoder_epochs=0,
        joint_epochs=1,
        steps_per_epoch=1,
        parts=dict.fromkeys(model.parts, part),
    )
    settings = dataclasses.replace(run.settings, model=model, training=training)
    return dataclasses.replace(run, settings=settings)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_its_name_is_the_default_of_its_key(name: str) -> None:
    assert ARCHITECTURES[name]().architecture == name
    module = importlib.import_module(architecture_module(name))
    assert callable(module.build)
    assert callable(module.sizes)


@pytest.mark.parametrize("scale", SCALES)
def test_builds_at_every_scale(model: ModelConfig, scale: int) -> None:
    network = build_network(model, scale)
    with torch.no_grad():
        sr = network(torch.rand(1, 3, 9, 11) * 255, _truth(model))
    assert sr.shape == (1, 3, 9 * scale, 11 * scale)
    assert sr.isfinite().all()
    assert (network.scale, network.config) == (scale, model)


def test_restores_by_what_it_represented(model: ModelConfig) -> None:
    network, lr_image = build_network(model, 2).eval(), torch.rand(1, 3, 9, 11) * 255
    with torch.no_grad():
        representation = network.represent(lr_image, _truth(model))
        again = network.restore(lr_image, representation)
        assert torch.equal(network(lr_image, _truth(model)), again)
    assert (representation is None) == (model.representation == "none")


def test_its_encoder_is_what_it_declares(model: ModelConfig) -> None:
    network, lr_image = build_network(model, 2).eval(), torch.rand(1, 3, 9, 11) * 255
    assert isinstance(network.encoder, Encoder) == (model.encoder is not None)
    if isinstance(network.encoder, Encoder):
        with torch.no_grad():
            encoded = network.encoder(lr_image)[0]
            assert torch.equal(network.represent(lr_image, None), encoded)


def test_a_method_without_encoder_wants_no_contrast(model: ModelConfig) -> None:
    settings = MethodConfig(model=model) if model.encoder else None
    if settings is None:
        with pytest.raises(ValueError, match=r"has no encoder: set contrastive\.enabled"):
            MethodConfig(model=model)


def test_a_step_moves_all_weights_that_a_loss_reaches(
    model: ModelConfig, tmp_path: Path
) -> None:
    run = _run(model)
    fresh = new_learner(run.joint_stage(), model).network
    assert fresh is not None
    sampler = PatchSampler([packed(tmp_path, images(3, 24, 28))], 16)
    parts = trained_parts(run, sampler, tmp_path)
    context = RunContext(tmp_path / "stage", "")
    network, state = train_network(run, sampler, context, None, parts=parts)
    assert all(torch.tensor([*row.values()]).isfinite().all() for row in state.history)
    before, moved = dict(fresh.named_parameters()), []
    for name, parameter in network.named_parameters():
        assert parameter.isfinite().all()
        if not parameter.requires_grad:
            continue
        moved.append(not torch.equal(parameter, before[name]))
    assert sum(moved) > 0.9 * len(moved)


class PowerCut(Exception):
    """Ends a training between two steps."""


class StoppingSampler(PatchSampler):
    """Fails when it is asked for a second step."""

    asked = 0

    def sample(self, count: int, rng: torch.Generator, each: int = 2) -> Tensor:
        self.asked += 1
        if self.asked > 1:
            raise PowerCut
        return super().sample(count, rng, each)


def test_goes_on_to_the_same_bits(model: ModelConfig, tmp_path: Path) -> None:
    run = _run(model)
    training = dataclasses.replace(run.settings.training, joint_epochs=3)
    settings = dataclasses.replace(run.settings, training=training)
    run = dataclasses.replace(run, settings=settings)
    data = [packed(tmp_path, images(3, 24, 28))]
    parts = trained_parts(run, PatchSampler(data, 16), tmp_path)

    def trained(folder: str, kind: type[PatchSampler] = PatchSampler) -> dict[str, Tensor]:
        context = RunContext(tmp_path / folder, "", checkpoint_seconds=0.0)
        network, _ = train_network(run, kind(data, 16), context, None, parts=parts)
        return network.state_dict()

    with pytest.raises(PowerCut):
        trained("broken", StoppingSampler)
    assert content_digest(trained("broken")) == content_digest(trained("unbroken"))


def test_comes_back_from_a_file(model: ModelConfig, tmp_path: Path) -> None:
    path, network = tmp_path / "m.safetensors", build_network(model, 3)
    card = network_card(network, method="mine", regime="noisy", seed=4)
    save_network(path, network, card)
    found, told = load_network(path)
    assert content_digest(found.state_dict()) == content_digest(network.state_dict())
    assert (found.config, found.scale, found.training) == (model, 3, False)
    assert told["model"]["architecture"] == model.architecture
    assert told["parameters"] == count_parameters(network) == count_parameters(found)
    assert told["flops"] == count_flops(found) > 0


def test_tells_its_sizes_by_its_tensors(model: ModelConfig) -> None:
    sizes = sizes_of(model, build_network(model, 2).state_dict())
    assert sizes == {key: getattr(model, key) for key in sizes}


Act = Callable[[], Tensor]


def test_upscales_by_tiles_or_refuses(model: ModelConfig) -> None:
    network, lr_image = build_network(model, 2).eval(), torch.rand(1, 3, 20, 17) * 255
    if model.representation == "oracle":
        with pytest.raises(UserError, match="needs the true degradation"):
            network_upscaler(network)
        with pytest.raises(ValueError, match="needs the true degradation"):
            network(lr_image)
        return
    with torch.inference_mode():
        tiles = network_upscaler(network, tile=8, overlap=32)(lr_image)
        torch.testing.assert_close(tiles, network(lr_image)[0], rtol=0, atol=1e-2)


def test_enlarges_an_image_file_or_refuses(
    model: ModelConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, lr, out = (tmp_path / name for name in ("m.safetensors", "lr.png", "sr.png"))
    network = build_network(model, 2).eval()
    save_network(path, network, network_card(network, method="mine", regime="r", seed=1))
    Image.fromarray(images(1, 12, 15)["image0"]).save(lr)
    code = main(["upscale", "--model", str(path), str(lr), "--out", str(out)])
    if model.representation == "oracle":
        assert code == 2
        assert "needs the true degradation" in capsys.readouterr().err
        return
    assert code == 0
    with torch.inference_mode():
        sr = network(to_tensor(images(1, 12, 15)["image0"])[None])[0]
    with Image.open(out) as written:
        assert (np.asarray(written) == to_pixels(sr, "sr")).all()


def test_nothing_but_its_own_module_names_a_network() -> None:
    """Loop, files and commands ask the registry, and what a configuration declares."""
    package = Path(importlib.import_module("dasr").__file__ or "").parent
    names = [f"dasr.architectures.{name}" for name in ARCHITECTURES]
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(f"from {name} import" in text for name in names), path
        assert "isinstance(" not in text or "OracleEncoder)" not in text, path

"""Stages of parts: who shares one, what it is trained on, and that it stays as it is."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from dasr.config import ModelConfig, RunConfig, digest
from dasr.config.models.ikc import IKCConfig
from dasr.config.models.parts import PartTraining
from dasr.config.models.srmd import SRMDConfig
from dasr.config.models.srresnet import SRResNetConfig
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.training.context import FinishedStage, RunContext
from dasr.training.loop import train_network
from tests.tiny import SMALL, images, packed, run_config, trained_parts

DENOISER: dict[str, Any] = {
    "denoise_first": "dncnn", "denoiser_layers": 3, "denoiser_features": 4,
}  # fmt: skip
IKC = {key: value for key, value in SMALL.items() if key in vars(IKCConfig())} | {
    "num_blocks": 1,
    "num_features": 4,
}
IKC = {key: value for key, value in IKC.items() if not key.startswith("denoiser_")}


def _run(model: ModelConfig, **changes: Any) -> RunConfig:
    part = PartTraining(epochs=2, learning_rate=0.01, decay_epochs=1)
    run = run_config(contrastive={"enabled": False}, **changes)
    training = dataclasses.replace(
        run.settings.training, parts=dict.fromkeys(model.parts, part)
    )
    settings = dataclasses.replace(run.settings, model=model, training=training)
    return dataclasses.replace(run, settings=settings)


def _digests(run: RunConfig) -> dict[str, str]:
    return {name: digest(stage) for name, stage in run.part_stages().items()}


def test_other_networks_share_a_denoiser() -> None:
    plain = _digests(_run(SRResNetConfig(num_blocks=1, **DENOISER)))
    maps = _digests(_run(SRMDConfig(num_features=4, **DENOISER)))
    assert plain == maps
    assert plain != _digests(_run(SRResNetConfig(**DENOISER), seed=2))
    assert plain != _digests(_run(SRResNetConfig(**{**DENOISER, "denoiser_features": 5})))


def test_what_finds_the_code_leaves_the_restorer_alone() -> None:
    own = _digests(_run(IKCConfig(**IKC)))
    for changes in ({"iterations": 0}, {"predictor_features": 5}, {"corrector_features": 5}):
        assert _digests(_run(IKCConfig(**{**IKC, **changes}))) == own
    assert _digests(_run(IKCConfig(**{**IKC, "num_blocks": 2}))) != own


def test_only_the_denoiser_meets_noise() -> None:
    run = _run(IKCConfig(**IKC, **DENOISER))
    noisy = {stage.name: stage.degradation.noise_level for stage in run.stages()}
    assert noisy == {"denoiser": (0.0, 5.0), "restorer": (0.0, 0.0), "joint": (0.0, 0.0)}


def test_the_joint_stage_leaves_parts_as_their_stages_made_them(tmp_path: Path) -> None:
    """Normalisation statistics among them."""
    run = _run(IKCConfig(**IKC, **DENOISER))
    sampler = PatchSampler([packed(tmp_path, images(3, 24, 28))], 16)
    parts = trained_parts(run, sampler, tmp_path)
    network, state = train_network(
        run, sampler, RunContext(tmp_path / "joint", ""), None, parts=parts
    )
    paths = network.part_paths()
    assert paths == {"denoiser": "denoiser", "restorer": "network.restorer"}
    for name, (file, identity) in parts.items():
        fresh = _run(IKCConfig(**IKC, **DENOISER))
        assert fresh.part_stages()[name] == run.part_stages()[name]
        part = network.get_submodule(paths[name])
        from safetensors.torch import load_file

        held = load_file(file)
        for key, tensor in part.state_dict().items():
            assert torch.equal(tensor, held[f"module.part.{key}"]), (name, key)
        assert identity
    still = tuple(f"network.{path}." for path in paths.values())
    assert not any(key.startswith(still) for key in state.parameters)
    assert {key.split(".")[2] for key in state.parameters} == {"predictor", "corrector"}


def test_a_part_of_another_configuration_is_refused(tmp_path: Path) -> None:
    run = _run(SRResNetConfig(num_blocks=1, num_features=4, **DENOISER))
    sampler = PatchSampler([packed(tmp_path, images(3, 24, 28))], 16)
    file, _ = trained_parts(run, sampler, tmp_path)["denoiser"]
    other = {"denoiser": FinishedStage(file, "other")}
    context = RunContext(tmp_path / "joint", "")
    with pytest.raises(UserError, match=r"denoiser\.safetensors: stage \w+, expected other"):
        train_network(run, sampler, context, None, parts=other)


@pytest.mark.parametrize(
    ("model", "parts", "message"),
    [
        (IKCConfig(), {}, "missing key 'restorer'"),
        (SRResNetConfig(), {"denoiser"}, "'denoiser': this model has no such part"),
    ],
)
def test_every_part_has_a_training_and_no_other(
    model: ModelConfig, parts: set[str], message: str
) -> None:
    base = run_config(contrastive={"enabled": False}).settings
    given = dict.fromkeys(parts, PartTraining(epochs=1, learning_rate=1.0, decay_epochs=1))
    training = dataclasses.replace(base.training, parts=given)
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(base, model=model, training=training)


def test_a_denoiser_needs_something_to_remove() -> None:
    degradation = dataclasses.replace(run_config().degradation, noise_level=(0.0, 0.0))
    run = _run(SRResNetConfig(**DENOISER))
    with pytest.raises(ValueError, match="has neither noise nor compression"):
        dataclasses.replace(run, degradation=degradation)

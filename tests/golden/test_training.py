"""Both stages of training against the authors' code, from the same weights.

In float64, since Adam amplifies the rounding of float32 within a few steps; the first
step of each stage, before Adam has any say in the losses, is repeated in float32.
"""

import copy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dasr.config import ContrastiveConfig, ModelConfig, TrainingConfig
from dasr.model import Encoder, Generator, MomentumContrast
from dasr.released import our_tensors
from dasr.training.losses import contrastive_loss, l1_loss
from dasr.training.state import TrainingState
from tests.golden import files
from tests.golden.authors import frozen_weights

RELATIVE = 1e-7
RELATIVE_FLOAT32 = 1e-3


def _modules(folder: Path, scale: int) -> nn.ModuleDict:
    """Return generator and momentum contrast with the reference weights."""
    weights = our_tensors(frozen_weights(files.shapes(folder, scale), 200 + scale))
    model, settings = ModelConfig(), ContrastiveConfig()
    contrast = MomentumContrast(
        Encoder(model.encoder_features),
        queue_size=weights["queue"].shape[1],
        momentum=settings.momentum,
        temperature=settings.temperature,
        rng=torch.Generator(),
    )
    modules = nn.ModuleDict({"generator": Generator(model, scale), "contrast": contrast})
    ours = {
        name if name.startswith("generator.") else f"contrast.{name}": tensor
        for name, tensor in weights.items()
    }
    for name in [name for name in ours if name.startswith("contrast.encoder.")]:
        ours[name.replace(".encoder.", ".query_encoder.")] = ours.pop(name)
    modules.load_state_dict(ours)
    return modules.train()


def _losses(
    modules: nn.ModuleDict, pairs: Tensor, hr: Tensor | None
) -> tuple[dict[str, Tensor], Tensor]:
    """Return the losses of a step and its logits; the encoder stage has no HR images."""
    representation, logits = modules["contrast"](pairs[:, 0], pairs[:, 1])
    losses = {"contrastive": contrastive_loss(logits)}
    if hr is not None:
        losses["l1"] = l1_loss(modules["generator"](pairs[:, 0], representation), hr)
    return losses, logits


def _train(modules: nn.ModuleDict, arrays: files.Arrays) -> SimpleNamespace:
    """Take all steps; return losses, first logits, and float32 losses of two steps."""
    state, paper = TrainingState(modules), TrainingConfig()
    half = len(arrays["lr"]) // 2
    losses: list[dict[str, float]] = []
    single: list[dict[str, float]] = []
    for step, (pairs, images) in enumerate(zip(arrays["lr"], arrays["hr"], strict=True)):
        joint = step >= half
        lr_images = torch.from_numpy(pairs).double()
        hr = torch.from_numpy(images).double() if joint else None
        if step in (0, half):
            with torch.no_grad():
                rough = copy.deepcopy(modules).float()
                values, _ = _losses(rough, lr_images.float(), hr if hr is None else hr.float())
            single.append({name: value.item() for name, value in values.items()})
        values, logits = _losses(modules, lr_images, hr)
        if step == 0:
            first_logits = logits.detach().numpy()
        rate = paper.joint_learning_rate if joint else paper.encoder_learning_rate
        state.optimizer.param_groups[0]["lr"] = rate
        state.optimizer.zero_grad(set_to_none=True)
        torch.stack(list(values.values())).sum().backward()
        state.optimizer.step()
        losses.append({name: value.item() for name, value in values.items()})
    return SimpleNamespace(losses=losses, single=single, first_logits=first_logits, half=half)


@pytest.fixture(scope="module")
def training_run(request: pytest.FixtureRequest, reference: Path) -> SimpleNamespace:
    """Our training and theirs for one scale."""
    scale = request.param
    theirs = files.load(reference / f"training_x{scale}.npz")
    modules = _modules(reference, scale).double()
    run = _train(modules, theirs)
    contrast = modules["contrast"]
    run.final = {
        "queue_ptr": contrast.position.reshape(1),
        "queue_head": contrast.queue[:, :8],
        "key_first_conv": contrast.key_encoder.convs[0].weight,
        "query_first_conv": contrast.query_encoder.convs[0].weight,
    }
    run.theirs = theirs
    return run


def _assert_close(ours: object, theirs: np.ndarray, relative: float = RELATIVE) -> None:
    assert np.shape(ours) == theirs.shape
    assert np.linalg.norm(np.asarray(ours) - theirs) <= relative * np.linalg.norm(theirs)


def test_first_logits(training_run: SimpleNamespace) -> None:
    theirs = training_run.theirs["first_logits"]
    _assert_close(training_run.first_logits[:, : theirs.shape[1]], theirs)


@pytest.mark.parametrize(
    ("stage", "loss"), [("encoder", "contrastive"), ("joint", "l1"), ("joint", "contrastive")]
)
def test_losses_of_every_step(training_run: SimpleNamespace, stage: str, loss: str) -> None:
    half, theirs = training_run.half, training_run.theirs[f"{stage}_{loss}"]
    steps = training_run.losses[:half] if stage == "encoder" else training_run.losses[half:]
    for ours, value in zip(steps, theirs, strict=True):
        assert ours[loss] == pytest.approx(value, rel=RELATIVE)


@pytest.mark.parametrize(
    ("stage", "loss"), [("encoder", "contrastive"), ("joint", "l1"), ("joint", "contrastive")]
)
def test_first_losses_in_float32(training_run: SimpleNamespace, stage: str, loss: str) -> None:
    ours = training_run.single[0 if stage == "encoder" else 1][loss]
    theirs = training_run.theirs[f"{stage}_{loss}"][0]
    assert ours == pytest.approx(theirs, rel=RELATIVE_FLOAT32)


def test_queue_position(training_run: SimpleNamespace) -> None:
    ours = training_run.final["queue_ptr"].numpy()
    assert np.array_equal(ours, training_run.theirs["queue_ptr"])


@pytest.mark.parametrize("tensor", ["queue_head", "key_first_conv", "query_first_conv"])
def test_final_tensors(training_run: SimpleNamespace, tensor: str) -> None:
    _assert_close(training_run.final[tensor].detach().numpy(), training_run.theirs[tensor])

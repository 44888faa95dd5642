"""Both stages of training against the authors' code, from the same weights.

In float64, since Adam amplifies the rounding of float32 within a few steps; the first
step of each stage, before Adam has any say in the losses, is repeated in float32.
"""

import copy
import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.architectures import build_network
from dasr.config import (
    ContrastiveConfig,
    DASRConfig,
    DegradationConfig,
    MethodConfig,
    RunConfig,
    TrainingConfig,
)
from dasr.data.batches import Batch
from dasr.degradation import DegradationBatch
from dasr.released import our_tensors
from dasr.training.contrast import KeyEncoder, Memory, contrastive_logits
from dasr.training.contrast.loss import unit_vectors
from dasr.training.state import TrainingState
from dasr.training.step import Learner, Losses, descend, step_losses
from tests.golden import files
from tests.golden.authors import frozen_weights

RELATIVE = 1e-7
RELATIVE_FLOAT32 = 1e-3


def _learners(folder: Path, scale: int) -> tuple[Learner, Learner]:
    """Return what both stages train, sharing modules with the reference weights."""
    weights = our_tensors(frozen_weights(files.shapes(folder, scale), 200 + scale))
    model, settings = DASRConfig(), ContrastiveConfig()
    run = RunConfig(
        method="dasr",
        regime="reference",
        scale=scale,
        seed=0,
        degradation=DegradationConfig(kernel_width={scale: (0.2, 4.0)}),
        settings=MethodConfig(model=model, contrastive=settings),
    )
    network = build_network(model, scale)
    key_encoder = KeyEncoder(network.encoder, settings.momentum)
    memory = Memory(*weights["queue"].shape, torch.Generator())
    joint = Learner(run.joint_stage(), network, network.encoder, key_encoder, memory)
    names = {"encoder.": "network.encoder.", "generator.": "network.generator."}
    names |= {"key_encoder.": "key_encoder.encoder.", "queue": "memory.keys"}
    names |= {"position": "memory.position"}
    ours = {}
    for name, tensor in weights.items():
        prefix = next(prefix for prefix in names if name.startswith(prefix))
        ours[names[prefix] + name.removeprefix(prefix)] = tensor
    joint.modules().load_state_dict(ours)
    return dataclasses.replace(joint, stage=run.encoder_stage(), network=None), joint


def _batch(pairs: Tensor, hr: Tensor) -> Batch:
    return Batch(pairs, hr[:, None], cast(DegradationBatch, None))


def _first_logits(learner: Learner, pairs: Tensor) -> Tensor:
    """Return the logits of the first step, by the parts of it."""
    one = copy.deepcopy(learner)
    one.key_encoder.follow(one.encoder)
    negatives = one.memory.negatives()
    queries = unit_vectors(one.encoder(pairs[:, 0])[1], negatives)
    keys = unit_vectors(one.key_encoder(pairs[:, 1]), negatives)
    temperature = one.stage.contrastive.temperature
    return contrastive_logits(queries, keys, negatives, temperature).detach()


def _rough(learner: Learner) -> Learner:
    """Return a copy in float32."""
    rough = copy.deepcopy(learner)
    rough.modules().float()
    return rough


def _values(losses: Losses) -> dict[str, float]:
    return {name: value.item() for name, value in losses.items()}


def _train(learners: tuple[Learner, Learner], arrays: files.Arrays) -> SimpleNamespace:
    """Take all steps; return losses, first logits, and float32 losses of two steps."""
    modules, paper = learners[1].modules().double().train(), TrainingConfig()
    state, half = TrainingState(modules), len(arrays["lr"]) // 2
    rates = (paper.encoder_learning_rate, paper.joint_learning_rate)
    losses: list[dict[str, float]] = []
    single: list[dict[str, float]] = []
    first_logits = _first_logits(learners[0], torch.from_numpy(arrays["lr"][0]).double())
    for step, (pairs, images) in enumerate(zip(arrays["lr"], arrays["hr"], strict=True)):
        learner, rate = learners[step >= half], rates[step >= half]
        batch = _batch(torch.from_numpy(pairs), torch.from_numpy(images))
        if step in (0, half):
            with torch.no_grad():
                rough = _batch(batch.lr_images.float(), batch.hr[:, 0].float())
                single.append(_values(step_losses(_rough(learner), rough)))
        values = step_losses(learner, _batch(batch.lr_images.double(), batch.hr[:, 0].double()))
        descend(state.optimizer, values, {}, rate)
        losses.append(_values(values))
    return SimpleNamespace(
        losses=losses, single=single, first_logits=first_logits.numpy(), half=half
    )


@pytest.fixture(scope="module")
def training_run(request: pytest.FixtureRequest, reference: Path) -> SimpleNamespace:
    """Our training and theirs for one scale."""
    scale = request.param
    theirs = files.load(reference / f"training_x{scale}.npz")
    learners = _learners(reference, scale)
    run, joint = _train(learners, theirs), learners[1]
    run.final = {
        "queue_ptr": joint.memory.position.reshape(1),
        "queue_head": joint.memory.keys[:, :8],
        "key_first_conv": joint.key_encoder.encoder.convs[0].weight,
        "query_first_conv": joint.encoder.convs[0].weight,
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

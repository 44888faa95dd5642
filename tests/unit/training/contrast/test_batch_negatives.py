"""Negatives of the step itself, hard ones, and positives from another image."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from dasr.architectures.encoder import Encoder
from dasr.config import Stage
from dasr.data.batches import draw_batch
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, blur_and_downsample
from tests.tiny import images, packed, run_config
from tests.unit.training.contrast.stub import (
    BATCH,
    StubEncoder,
    batch_learner,
    learner,
    loss_of_views,
)

CPU = torch.device("cpu")
AXES = torch.eye(4)


def _angle(degrees: float) -> Tensor:
    radians = math.radians(degrees)
    return torch.tensor([math.cos(radians), math.sin(radians), 0.0, 0.0])


def _softmax_loss(positive: float, negatives: list[float]) -> float:
    return -math.log(math.exp(positive) / sum(map(math.exp, [positive, *negatives])))


def test_negatives_are_the_keys_of_the_other_images() -> None:
    queries = torch.stack([_angle(0), _angle(90), _angle(180)])
    keys = torch.stack([_angle(60), _angle(90), _angle(270)])
    one = batch_learner(StubEncoder(4))
    found = loss_of_views(one, torch.stack([queries, keys], dim=1)).item()
    # cosines of each query with the three keys: 1/2, 0, 0; sqrt(3)/2, 1, -1; -1/2, 0, 0
    expected = [
        _softmax_loss(0.5, [0.0, 0.0]),
        _softmax_loss(1.0, [math.sqrt(0.75), -1.0]),
        _softmax_loss(0.0, [-0.5, 0.0]),
    ]
    assert found == pytest.approx(sum(expected) / 3, abs=1e-6)


def test_chance_is_the_number_of_images() -> None:
    alike = torch.ones(5, 2, 4)
    found = loss_of_views(batch_learner(StubEncoder(4)), alike).item()
    assert found == pytest.approx(math.log(5), abs=1e-6)


@pytest.mark.parametrize("queue", [False, True])
def test_hard_negatives_are_a_querys_own(queue: bool) -> None:
    views = torch.stack(
        [
            torch.stack([_angle(0), _angle(0), _angle(60), _angle(90)]),
            torch.stack([_angle(180), _angle(180), _angle(180), _angle(0)]),
        ]
    )
    if queue:
        one = learner(4, queue_size=2, hard_negatives=2)
        one.memory.keys.copy_(AXES[:, [2, 3]])  # at right angles to everything
        others = [[0.0, 0.0], [0.0, 0.0]]
    else:
        one = batch_learner(StubEncoder(4), hard_negatives=2)
        others = [[-1.0], [-1.0]]
    expected = [
        _softmax_loss(1.0, [*others[0], 0.5, 0.0]),
        _softmax_loss(1.0, [*others[1], 1.0, -1.0]),
    ]
    assert loss_of_views(one, views).item() == pytest.approx(sum(expected) / 2, abs=1e-6)


def test_the_queue_takes_up_positives_alone() -> None:
    one = learner(4, queue_size=4, hard_negatives=1)
    before = one.memory.keys.clone()
    loss_of_views(one, AXES[None, [0, 1, 2]])
    torch.testing.assert_close(one.memory.keys[:, 0], AXES[1])
    assert torch.equal(one.memory.keys[:, 1:], before[:, 1:])


def test_gradient_goes_through_keys_too() -> None:
    encoder = Encoder(4)
    views = torch.rand(3, 2, 3, 12, 12, generator=torch.Generator().manual_seed(0)) * 255
    seen: list[Tensor] = []

    def keep(module: object, arguments: object, outputs: tuple[Tensor, Tensor]) -> None:
        outputs[1].retain_grad()
        seen.append(outputs[1])

    encoder.register_forward_hook(keep)
    loss_of_views(batch_learner(encoder), views).backward()
    (projections,) = seen  # one look at all views
    gradient = projections.grad
    assert gradient is not None
    assert (gradient.view(3, 2, -1).abs().sum(dim=2) > 0).all()


@pytest.fixture
def sampler(tmp_path: Path) -> PatchSampler:
    return PatchSampler([packed(tmp_path, images(6, 40, 44))], 16)


def _stage(**contrastive: Any) -> Stage:
    run = run_config(contrastive={**BATCH, **contrastive}, training={"batch_size": 3})
    stage = run.encoder_stage()
    assert stage is not None
    return stage


def test_the_positive_is_of_the_next_image(sampler: PatchSampler) -> None:
    same = draw_batch(_stage(), sampler, 5, CPU)
    other = draw_batch(_stage(positives="other_image"), sampler, 5, CPU)
    assert torch.equal(same.hr[:, 0], other.hr[:, 0])
    assert torch.equal(same.hr[:, 1], other.hr[[1, 2, 0], 1])
    # degraded as its query is: from the same random numbers, blurred by the same kernel
    assert torch.equal(same.lr_images[:, 0], other.lr_images[:, 0])
    expected = blur_and_downsample(other.hr, other.degradation, 2)
    assert (other.lr_images - expected).abs().mean() < 5  # noise of at most 5 grey levels


def test_hard_negatives_have_degradations_of_their_own(sampler: PatchSampler) -> None:
    plain = draw_batch(_stage(), sampler, 5, CPU)
    hard = draw_batch(_stage(hard_negatives=2), sampler, 5, CPU)
    assert plain.lr_images.shape == (3, 2, 3, 8, 8)
    assert hard.lr_images.shape == (3, 4, 3, 8, 8)
    assert hard.hr.shape == (3, 4, 3, 16, 16)
    # they are not degraded as their query is
    as_pair = blur_and_downsample(hard.hr, hard.degradation, 2)
    error = (hard.lr_images - as_pair).abs().mean(dim=(2, 3, 4))
    assert (error[:, 2:] > 2 * error[:, :2].max()).any()
    assert isinstance(hard.degradation, DegradationBatch)
    assert len(hard.degradation.lambda_1) == 3


def test_a_joint_stage_without_the_term_draws_plain_pairs(sampler: PatchSampler) -> None:
    options = {**BATCH, "hard_negatives": 2, "positives": "other_image"}
    off = run_config(
        contrastive={**options, "weight": 0.0}, training={"batch_size": 3}
    ).joint_stage()
    plain = run_config(contrastive={"enabled": False}, training={"batch_size": 3})
    found, expected = (
        draw_batch(stage, sampler, 5, CPU) for stage in (off, plain.joint_stage())
    )
    assert torch.equal(found.lr_images, expected.lr_images)
    assert torch.equal(found.hr, expected.hr)

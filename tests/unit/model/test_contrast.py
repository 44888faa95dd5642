"""Momentum contrast: logits, momentum, queue."""

import math

import pytest
import torch

from dasr.model import Encoder, MomentumContrast
from dasr.training.losses import contrastive_loss
from tests.unit.model.stub import contrast


def _unit(*first: float) -> list[float]:
    """Return a unit vector of three numbers that begins with the given ones."""
    rest = math.sqrt(1 - sum(value**2 for value in first))
    return [*first, rest, 0.0][:3] if len(first) < 3 else list(first)


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [
        (1.0, [0.0900, 0.2447, 0.6652]),
        (2.0, [0.1863, 0.3072, 0.5065]),
        (0.5, [0.0159, 0.1173, 0.8668]),
    ],
)
def test_logits_are_cosines_over_the_temperature(
    temperature: float, shares: list[float]
) -> None:
    # cosines 1/4, 2/4, 3/4: at a quarter of the temperature, the logits are 1, 2, 3 over it
    moco = contrast(3, queue_size=2, temperature=temperature / 4)
    moco.queue.copy_(torch.tensor([_unit(0.5), _unit(0.75)]).T)
    query = torch.tensor([[7.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
    key = torch.tensor([_unit(0.25), _unit(0.25)]) * 9
    _, logits = moco(query, key)
    expected = torch.tensor([[1.0, 2.0, 3.0]] * 2) / temperature
    torch.testing.assert_close(logits, expected)
    softmax = logits.softmax(dim=1)
    assert softmax[0].tolist() == pytest.approx(shares, abs=5e-5)
    assert contrastive_loss(logits).item() == pytest.approx(-math.log(shares[0]), abs=3e-3)


def test_key_encoder_follows_by_momentum_before_it_encodes() -> None:
    moco = contrast(3, queue_size=2, momentum=0.75)
    with torch.no_grad():
        moco.query_encoder.shift.copy_(torch.tensor([4.0, 0.0, 0.0]))
        moco.key_encoder.shift.copy_(torch.tensor([0.0, 8.0, 0.0]))
    moco(torch.zeros(1, 3) + 1, torch.zeros(1, 3))
    # 0.75 * (0, 8, 0) + 0.25 * (4, 0, 0)
    assert moco.key_encoder.shift.tolist() == [1.0, 6.0, 0.0]
    expected = torch.tensor([1.0, 6.0, 0.0]) / math.sqrt(37)
    torch.testing.assert_close(moco.queue[:, 0], expected)


def test_queue_wraps_and_overwrites_the_oldest() -> None:
    moco = contrast(3, queue_size=4)
    untouched = moco.queue[:, 2:].clone()
    axes = torch.eye(3)
    pairs = [axes[[0, 1]], axes[[2, 0]], axes[[1, 1]]]
    positions = []
    for number, keys in enumerate(pairs):
        moco(torch.ones(2, 3), keys)
        positions.append(moco.position.item())
        if number == 0:
            assert torch.equal(moco.queue[:, 2:], untouched)
    assert positions == [2, 0, 2]
    assert torch.equal(moco.queue.T, axes[[1, 1, 2, 0]])


def test_queue_is_used_before_it_takes_the_new_keys() -> None:
    moco = contrast(3, queue_size=1)
    moco.queue.copy_(torch.tensor([[0.0], [1.0], [0.0]]))
    axes = torch.eye(3)
    _, logits = moco(axes[[0]], axes[[0]])
    assert logits.tolist() == [[1.0, 0.0]]
    _, logits = moco(axes[[0]], axes[[0]])
    assert logits.tolist() == [[1.0, 1.0]]


def test_queue_starts_with_unit_vectors_of_the_generator() -> None:
    first, again = contrast(3, queue_size=8), contrast(3, queue_size=8)
    torch.testing.assert_close(first.queue.norm(dim=0), torch.ones(8))
    assert torch.equal(first.queue, again.queue)


def test_gradient_reaches_the_query_encoder_alone() -> None:
    rng = torch.Generator().manual_seed(0)
    moco = MomentumContrast(Encoder(4), queue_size=4, momentum=0.999, temperature=0.07, rng=rng)
    query, key = torch.rand(2, 2, 3, 12, 12, generator=rng) * 255
    _, logits = moco(query, key)
    contrastive_loss(logits).backward()
    gradients = [parameter.grad for parameter in moco.query_encoder.parameters()]
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients[-4:])
    assert not any(parameter.requires_grad for parameter in moco.key_encoder.parameters())
    assert all(parameter.grad is None for parameter in moco.key_encoder.parameters())
    assert not moco.queue.requires_grad


def test_momentum_leaves_batch_norm_buffers_alone() -> None:
    moco = MomentumContrast(
        Encoder(4), queue_size=4, momentum=0.0, temperature=1.0, rng=torch.Generator()
    ).train()
    query, key = torch.zeros(2, 3, 12, 12), torch.full((2, 3, 12, 12), 200.0)
    moco(query, key)
    mine, theirs = moco.key_encoder.state_dict(), moco.query_encoder.state_dict()
    assert torch.equal(mine["convs.0.weight"], theirs["convs.0.weight"])
    assert not torch.equal(mine["convs.1.running_mean"], theirs["convs.1.running_mean"])

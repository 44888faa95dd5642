"""Momentum contrast: logits, momentum, memory, and the order in which a step uses them."""

import math

import pytest
import torch

from dasr.architectures.encoder import Encoder
from dasr.training.contrast import KeyEncoder, Memory, contrastive_logits, contrastive_loss
from dasr.training.contrast.loss import unit_vectors
from tests.unit.training.contrast.stub import StubEncoder, learner, loss_of


def _unit(first: float) -> list[float]:
    """Return a unit vector of three numbers that begins with the given one."""
    return [first, math.sqrt(1 - first**2), 0.0]


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
    negatives = torch.tensor([_unit(0.5), _unit(0.75)]).T
    queries = unit_vectors(torch.tensor([[7.0, 0.0, 0.0], [2.0, 0.0, 0.0]]), negatives)
    keys = unit_vectors(torch.tensor([_unit(0.25), _unit(0.25)]) * 9, negatives)
    logits = contrastive_logits(queries, keys, negatives, temperature / 4)
    expected = torch.tensor([[1.0, 2.0, 3.0]] * 2) / temperature
    torch.testing.assert_close(logits, expected)
    softmax = logits.softmax(dim=1)
    assert softmax[0].tolist() == pytest.approx(shares, abs=5e-5)
    assert contrastive_loss(logits).item() == pytest.approx(-math.log(shares[0]), abs=3e-3)


def test_key_encoder_follows_by_its_momentum() -> None:
    query, key_encoder = StubEncoder(3), KeyEncoder(StubEncoder(3), momentum=0.75)
    with torch.no_grad():
        query.shift.copy_(torch.tensor([4.0, 0.0, 0.0]))
        key_encoder.encoder.shift.copy_(torch.tensor([0.0, 8.0, 0.0]))
    key_encoder.follow(query)
    # 0.75 * (0, 8, 0) + 0.25 * (4, 0, 0)
    assert key_encoder.encoder.shift.tolist() == [1.0, 6.0, 0.0]


def test_encoding_keys_changes_nothing() -> None:
    key_encoder = KeyEncoder(StubEncoder(3), momentum=0.5)
    before = key_encoder.encoder.shift.clone()
    key_encoder(torch.ones(2, 3))
    assert torch.equal(key_encoder.encoder.shift, before)


def test_momentum_leaves_batch_norm_buffers_alone() -> None:
    encoder = Encoder(4).train()
    key_encoder = KeyEncoder(encoder, momentum=0.0)
    encoder(torch.zeros(2, 3, 12, 12))
    with torch.no_grad():
        encoder.convs[0].weight.add_(1.0)
    key_encoder.follow(encoder)
    mine, theirs = key_encoder.encoder.state_dict(), encoder.state_dict()
    assert torch.equal(mine["convs.0.weight"], theirs["convs.0.weight"])
    assert not torch.equal(mine["convs.1.running_mean"], theirs["convs.1.running_mean"])


def test_memory_wraps_and_overwrites_the_oldest() -> None:
    memory = Memory(3, 4, torch.Generator().manual_seed(0))
    untouched = memory.keys[:, 2:].clone()
    axes = torch.eye(3)
    pairs = [axes[[0, 1]], axes[[2, 0]], axes[[1, 1]]]
    positions = []
    for number, keys in enumerate(pairs):
        memory.enqueue(keys)
        positions.append(memory.position.item())
        if number == 0:
            assert torch.equal(memory.keys[:, 2:], untouched)
    assert positions == [2, 0, 2]
    assert torch.equal(memory.keys.T, axes[[1, 1, 2, 0]])


def test_negatives_stay_what_they_were() -> None:
    memory = Memory(3, 2, torch.Generator().manual_seed(0))
    negatives = memory.negatives()
    before = negatives.clone()
    memory.enqueue(torch.eye(3)[[0, 1]])
    assert torch.equal(negatives, before)
    assert not torch.equal(memory.keys, before)


def test_memory_starts_with_unit_vectors_of_the_generator() -> None:
    first, again = (Memory(3, 8, torch.Generator().manual_seed(0)) for _ in range(2))
    torch.testing.assert_close(first.keys.norm(dim=0), torch.ones(8))
    assert torch.equal(first.keys, again.keys)


def test_a_step_follows_before_it_encodes_keys() -> None:
    one = learner(3, queue_size=2, momentum=0.75)
    with torch.no_grad():
        one.encoder.shift.copy_(torch.tensor([4.0, 0.0, 0.0]))
        one.key_encoder.encoder.shift.copy_(torch.tensor([0.0, 8.0, 0.0]))
    loss_of(one, torch.ones(1, 3), torch.zeros(1, 3))
    expected = torch.tensor([1.0, 6.0, 0.0]) / math.sqrt(37)
    torch.testing.assert_close(one.memory.keys[:, 0], expected)


def test_a_step_compares_before_it_remembers() -> None:
    one = learner(3, queue_size=1)
    one.memory.keys.copy_(torch.tensor([[0.0], [1.0], [0.0]]))
    axes = torch.eye(3)
    # the positive's logit is 1, the negative's 0 and then, once it is in memory, 1
    first = loss_of(one, axes[[0]], axes[[0]]).item()
    second = loss_of(one, axes[[0]], axes[[0]]).item()
    assert first == pytest.approx(math.log(1 + math.exp(-1)))
    assert second == pytest.approx(math.log(2))


def test_gradient_reaches_the_query_encoder_alone() -> None:
    one = learner(16, queue_size=4, encoder=Encoder(4))
    rng = torch.Generator().manual_seed(0)
    query, key = torch.rand(2, 2, 3, 12, 12, generator=rng) * 255
    loss_of(one, query, key).backward()
    gradients = [parameter.grad for parameter in one.encoder.parameters()]
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients[-4:])
    assert not any(parameter.requires_grad for parameter in one.key_encoder.parameters())
    assert all(parameter.grad is None for parameter in one.key_encoder.parameters())
    assert not one.memory.keys.requires_grad


def test_memory_is_searched_in_float32() -> None:
    images = torch.rand(2, 3, generator=torch.Generator().manual_seed(0))
    exact, rough = (
        loss_of(learner(3, queue_size=4, precision=precision), images, images)
        for precision in ("float32", "bf16")
    )
    assert torch.equal(exact, rough)  # the stub has no layer that could be rounded

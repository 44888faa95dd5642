"""The two losses by hand."""

import math

import pytest
import torch

from dasr.architectures.losses import l1_loss
from dasr.training.contrast import contrastive_loss


def test_contrastive_loss_by_hand() -> None:
    # softmax of (1, 2, 3) gives its first entry 0.09003, and of (3, 1, 2) 0.66524
    logits = torch.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    expected = -(math.log(0.09003057) + math.log(0.66524096)) / 2
    assert contrastive_loss(logits).item() == pytest.approx(expected, rel=1e-6)


def test_contrastive_loss_is_the_loop() -> None:
    rng = torch.Generator().manual_seed(0)
    logits = 5 * torch.randn(4, 9, generator=rng, dtype=torch.float64)
    total = 0.0
    for row in logits.tolist():
        total += math.log(sum(math.exp(value) for value in row)) - row[0]
    assert contrastive_loss(logits).item() == pytest.approx(total / 4, rel=1e-12)


def test_chance_level() -> None:
    assert contrastive_loss(torch.zeros(2, 8193)).item() == pytest.approx(9.0111, abs=1e-4)


def test_l1_loss_by_hand() -> None:
    sr = torch.tensor([0.0, 10.0, 250.0])
    assert l1_loss(sr, torch.tensor([3.0, 4.0, 250.0])).item() == 3.0

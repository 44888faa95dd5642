"""Model 5: the true degradation as a representation."""

import math

import pytest
import torch

from dasr.architectures import build_network
from dasr.architectures.oracle import encode_degradation
from dasr.degradation import DegradationBatch
from tests.tiny import model_config


def _degradation(l1: float, l2: float, theta: float, noise: float) -> DegradationBatch:
    return DegradationBatch(*(torch.tensor([value]) for value in (l1, l2, theta, noise)))


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((2.0, 2.0, 0.0, 10.0), [0.5, 0.0, 0.5, 0.4]),
        ((2.0, 2.0, 1.1, 10.0), [0.5, 0.0, 0.5, 0.4]),
        ((4.0, 1.0, 0.0, 0.0), [1.0, 0.0, 0.25, 0.0]),
        ((4.0, 1.0, math.pi / 2, 0.0), [0.25, 0.0, 1.0, 0.0]),
        # at 45 degrees: (4 + 1) / 2 on the diagonal, (4 - 1) / 2 beside it, all over 4
        ((4.0, 1.0, math.pi / 4, 25.0), [0.625, 0.375, 0.625, 1.0]),
        ((4.0, 1.0, math.pi, 0.0), [1.0, 0.0, 0.25, 0.0]),
    ],
)
def test_code_by_hand(numbers: tuple[float, float, float, float], code: list[float]) -> None:
    assert encode_degradation(_degradation(*numbers))[0].tolist() == pytest.approx(
        code, abs=1e-6
    )


def test_code_is_the_square_root_of_the_covariance() -> None:
    theta = 0.7
    xx, xy, yy = encode_degradation(_degradation(3.0, 1.5, theta, 0.0))[0, :3].double() * 4
    root = torch.tensor([[xx, xy], [xy, yy]], dtype=torch.float64)
    turn = torch.tensor(
        [[math.cos(theta), -math.sin(theta)], [math.sin(theta), math.cos(theta)]],
        dtype=torch.float64,
    )
    covariance = turn @ torch.diag(torch.tensor([9.0, 2.25], dtype=torch.float64)) @ turn.T
    torch.testing.assert_close(root @ root, covariance, rtol=1e-5, atol=1e-5)


def test_representation_is_the_degradations_alone() -> None:
    network = build_network(model_config(representation="oracle"), 2).eval()
    some = DegradationBatch(*torch.tensor([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [0.0, 5.0]]))
    dark, bright = torch.zeros(2, 3, 9, 9), torch.full((2, 3, 9, 9), 200.0)
    with torch.no_grad():
        first, second = network.represent(dark, some), network.represent(bright, some)
    assert first.shape == (2, 16)
    assert torch.equal(first, second)
    assert not torch.allclose(first[0], first[1])


def test_missing_degradation_is_refused() -> None:
    network = build_network(model_config(representation="oracle"), 2)
    with pytest.raises(ValueError, match="needs the true degradation"):
        network(torch.zeros(1, 3, 9, 9))

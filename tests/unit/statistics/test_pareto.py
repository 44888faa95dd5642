"""The Pareto front, against its definition."""

import numpy as np
import pytest

from dasr.statistics.pareto import pareto_front

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("cost", "quality", "front"),
    [
        ([3, 1, 2], [30, 10, 20], [1, 2, 0]),  # the dearer, the better: all
        ([1, 2, 3], [30, 20, 10], [0]),  # the cheapest is the best
        ([1, 1, 2], [10, 20, 20], [1]),  # equal cost, equal quality
        ([1, 1], [10, 10], [0, 1]),  # neither of equal ones is beaten
        ([NAN, 1, 2], [99, 10, INF], [1]),  # not known
        ([], [], []),
    ],
)
def test_by_hand(cost: list[float], quality: list[float], front: list[int]) -> None:
    assert pareto_front(cost, quality).tolist() == front


def test_by_definition() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        points = rng.integers(0, 6, (8, 2))  # with ties
        expected = [
            own
            for own, (cost, quality) in enumerate(points)
            if not any(
                c <= cost and q >= quality and (c < cost or q > quality) for c, q in points
            )
        ]
        assert sorted(pareto_front(points[:, 0], points[:, 1])) == expected

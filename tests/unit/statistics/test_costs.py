"""What methods cost, from the records of their networks."""

import math
from typing import Any

import pytest

from dasr.statistics.costs import costs


def _record(method: str, seconds: float | None = None, **changes: Any) -> dict[str, Any]:
    record = {"method": method, "regime": "blur", "scale": 4, "parameters": 7, "flops": 9}
    timed = {} if seconds is None else {"cpu_seconds": seconds}
    return {**record, **timed, **changes}


def test_a_training_is_both_stages_and_the_mean_over_seeds() -> None:
    shared = {"cpu_seconds": 100.0}
    frame = costs(
        [
            (_record("dasr", 10.0), shared),
            (_record("dasr", 20.0), {"cpu_seconds": 200.0}),
            (_record("no_contrastive", 5.0), {}),
            (_record("no_ca", 1.0), shared),
            (_record("dasr", 7.0, regime="noisy"), {}),
        ]
    )
    assert frame.set_index(["method", "regime"])["cpu_seconds"].to_dict() == {
        ("dasr", "blur"): 165.0,
        ("no_contrastive", "blur"): 5.0,
        ("no_ca", "blur"): 101.0,
        ("dasr", "noisy"): 7.0,
    }
    assert frame["flops"].tolist() == [9] * 4


def test_stages_of_parts_count_too() -> None:
    denoiser, restorer = {"cpu_seconds": 40.0}, {"cpu_seconds": 500.0}
    frame = costs([(_record("ikc", 3.0), {}, denoiser, restorer)])
    assert frame["cpu_seconds"].tolist() == [543.0]
    (seconds,) = costs([(_record("ikc", 3.0), {}, denoiser, {"threads": 1})])["cpu_seconds"]
    assert math.isnan(seconds)


@pytest.mark.parametrize(
    "networks",
    [
        [(_record("theirs"), {})],  # imported
        [(_record("dasr", 3.0), {"threads": 1})],  # an encoder stage of earlier days
        [(_record("dasr", 3.0), {}), (_record("dasr"), {})],  # one of two seeds
    ],
)
def test_what_is_not_known_is_missing(networks: list[Any]) -> None:
    (seconds,) = costs(networks)["cpu_seconds"]
    assert math.isnan(seconds)


def test_no_network_has_no_cost() -> None:
    assert costs([]).columns.tolist() == [
        "method", "regime", "scale", "parameters", "flops", "cpu_seconds",
    ]  # fmt: skip


def test_networks_of_one_method_have_one_size() -> None:
    with pytest.raises(ValueError, match=r"flops of .*dasr.* differ between seeds"):
        costs([(_record("dasr"), {}), (_record("dasr", flops=10), {})])

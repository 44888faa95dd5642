"""A degradation as a value: its names, its rows, and what it refuses."""

import math

import pytest

from dasr.config import (
    Degradation,
    DegradationConfig,
    GridConfig,
    Kernel,
    RegimeConfig,
)
from dasr.config.tested import nearest
from dasr.terms.columns import DEGRADATION

WIDE = Degradation(kernel=Kernel.of_width(2.4), noise_level=10.0)
TURNED = Degradation(kernel=Kernel(lambda_1=2.0, lambda_2=0.2, theta_deg=30.0))


def test_labels_are_for_people() -> None:
    assert WIDE.label == "width 2.4, noise 10"
    assert TURNED.label == "kernel 2, 0.2, 30°, noise 0"


def test_keys_are_the_columns_of_rows() -> None:
    assert tuple(WIDE.keys()) == DEGRADATION
    assert list(WIDE.keys().values()) == ["2.4", 2.4, 2.4, 2.4, 0.0, 10.0]
    kernel, width, *numbers = TURNED.keys().values()
    assert (kernel, numbers) == ("2,0.2,30deg", [2.0, 0.2, 30.0, 0.0])
    assert isinstance(width, float)
    assert math.isnan(width)


@pytest.mark.parametrize("degradation", [WIDE, TURNED])
def test_a_row_says_what_its_degradation_was(degradation: Degradation) -> None:
    row = degradation.keys()
    assert Kernel.of_row(row) == degradation.kernel
    assert row["noise_level"] == degradation.noise_level


def test_noise_beyond_grey_levels_is_refused() -> None:
    with pytest.raises(ValueError, match=r"noise_level: 128 must be .* at most 127"):
        Degradation(kernel=WIDE.kernel, noise_level=128.0)


def _regime(**test: object) -> RegimeConfig:
    train = DegradationConfig(kernel_width={2: (0.2, 2.0)}, downsample="s-fold")
    return RegimeConfig(name="r", train=train, test=GridConfig(**test))  # type: ignore[arg-type]


def test_a_grid_is_every_kernel_at_every_level_reduced_as_in_training() -> None:
    regime = _regime(
        kernel_widths={2: (0.6, 1.2)}, kernels=((4.0, 1.0, 30.0),), noise_levels=(0.0, 15.0)
    )
    grid = regime.test_degradations(2)
    assert [(one.kernel.label, one.noise_level) for one in grid] == [
        ("0.6", 0.0), ("0.6", 15.0), ("1.2", 0.0), ("1.2", 15.0),
        ("4,1,30deg", 0.0), ("4,1,30deg", 15.0),
    ]  # fmt: skip
    assert {one.downsample for one in grid} == {"s-fold"}
    assert [one.kernel.label for one in regime.test_degradations(3)] == ["4,1,30deg"] * 2


def test_the_example_is_the_nearest_of_the_grid() -> None:
    regime = _regime(
        kernel_widths={2: (0.6, 1.2)}, kernels=((4.0, 1.0, 30.0),), noise_levels=(0.0, 15.0)
    )
    one = nearest(regime.test_degradations(2), kernel_width=1.1, noise_level=5.0)
    assert (one.kernel.label, one.noise_level) == ("1.2", 0.0)
    one = nearest(regime.test_degradations(2), kernel_width=1.9, noise_level=10.0)
    assert (one.kernel.label, one.noise_level) == ("4,1,30deg", 15.0)  # as wide as sqrt(4 * 1)

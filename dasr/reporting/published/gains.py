"""What the paper's Table 1 says that a part of the method is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.config import DASRConfig, Kernel, TrainingConfig
from dasr.reporting.published.protocols import PROTOCOLS
from dasr.reporting.published.rows import method_names, read_published
from dasr.study import Method, Plan, ReportCell
from dasr.terms.metrics import RANKING

PROTOCOL = PROTOCOLS["table1"]
STAND_INS = {"no_da_conv_equal_flops": "no_da_conv"}
"""Variants that the paper has at other arithmetic: Model 2, whose ordinary convolutions take
half as much again as DASR's."""


@dataclass(frozen=True)
class PublishedGain:
    """The mean gain of a part over some kernels, in dB, as published."""

    gain: float
    names: tuple[str, str]
    """The rows of the table that it is the difference of, e.g. "Model 4 (DASR)"."""
    same_arithmetic: bool
    """Whether both have the arithmetic that they have in the study."""


def published_budget() -> tuple[int, int]:
    """Return the blocks of the published network and its joint steps: the defaults here."""
    blocks = DASRConfig().blocks
    return blocks, TrainingConfig().of_stage("joint").total_steps


def is_published(plan: Plan, cell: ReportCell, kernels: Sequence[Kernel]) -> bool:
    """Whether the table has numbers for a cell: its scale and set, no noise, its kernels."""
    regime = plan.regime(cell.regime)
    plain = all(
        one.noise_level == 0 and one.jpeg_quality is None
        for one in regime.test_degradations(cell.scale)
    )
    known = set(_rows(cell)["lambda_1"])
    return (
        plain
        and regime.train.downsample == "bicubic"
        and all(one.lambda_1 == one.lambda_2 and one.lambda_1 in known for one in kernels)
    )


def published_gain(
    having: Method, lacking: Method, cell: ReportCell, kernels: Sequence[Kernel]
) -> PublishedGain | None:
    """Return what is published of one method minus another; None if one is not.

    Args:
        having: the method that has a part.
        lacking: the method that lacks it.
        cell: `is_published`.
        kernels: that the mean is over.
    """
    known = method_names(PROTOCOL)
    variants = [STAND_INS.get(one.variant, one.variant) for one in (having, lacking)]
    names = [known.get(name) for name in variants]
    if names[0] is None or names[1] is None:
        return None
    rows, widths = _rows(cell), [one.lambda_1 for one in kernels]
    first, second = (
        rows[rows["method"] == name].set_index("lambda_1")[RANKING.column][widths]
        for name in names
    )
    return PublishedGain(
        gain=float(np.mean(first.to_numpy() - second.to_numpy())),
        names=(names[0], names[1]),
        same_arithmetic=variants == [having.variant, lacking.variant],
    )


def _rows(cell: ReportCell) -> pd.DataFrame:
    rows = read_published(PROTOCOL)
    here = (rows["scale"] == cell.scale) & (rows["testset"] == cell.testset)
    return rows[here & (rows["noise_level"] == 0)]

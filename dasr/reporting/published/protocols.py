"""Protocols of the literature: what each one tests, and how its table is laid out."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from dasr.config import Kernel, StudyConfig, from_dict
from dasr.config.degradation import levels
from dasr.errors import UserError
from dasr.study import Plan, ReportCell
from dasr.terms.quantities import FACTORS


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One published table; unless `by_noise`, of isotropic noise-free blur."""

    name: str
    """In study files, and of the CSV file with its published numbers."""
    title: str
    """In captions; tables are those of the paper."""
    whole_scale: bool = False
    """Whether its table holds all test sets of a scale."""
    across: tuple[str, ...] = ("kernel",)
    """What has a column of its own."""
    by_noise: bool = False
    """Whether kernels may have any shape, with a picture of each in the header, and each
    method has one line per noise level."""
    mean_widths: dict[int, tuple[float, ...]] = field(default_factory=dict)
    """By scale, widths in HR pixels whose mean is published, in place of each of them."""
    heading: str = ""
    """Over all columns; "" puts each test set's name over its own columns."""
    marks: bool = False
    """Whether it has check marks that say what each method has."""
    spread: bool = False
    """Whether it has few enough columns to show half of the interval in each."""
    note: str = ""
    """Below a table in which something is compared with what is published."""
    bicubic_note: str = ""
    """Below a table that compares bicubic enlargement of blurred images."""


_RECORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
PROTOCOLS = {
    name: from_dict(Protocol, {"name": name, **record}, name)
    for name, record in _RECORDS.items()
}


def require_grid(study: StudyConfig) -> None:
    """Refuse degradations that the layout of a study's protocol has no place for.

    Raises:
        UserError: the protocol is one of isotropic noise-free blur, and a kernel is not
            isotropic or a noise level is not 0; or images go through more than that.
    """
    if study.protocol is not None:
        grid = study.regimes[0].test
        for one in FACTORS:
            if one.optional and (values := [one.shown(each) for each in levels(grid, one)]):
                raise UserError(
                    f"protocol {study.protocol}: {one.values} [{'; '.join(values)}]; "
                    "allowed: none"
                )
        for scale in study.scales:
            require_cells(PROTOCOLS[study.protocol], grid.at_scale(scale), grid.noise_levels)


def require_cells(
    protocol: Protocol, kernels: Iterable[Kernel], noise_levels: Collection[float]
) -> None:
    """Refuse kernels and noise levels (grey levels) as `require_grid` does."""
    if protocol.by_noise:
        return
    for kernel in kernels:
        if kernel.lambda_1 != kernel.lambda_2:
            raise UserError(
                f"protocol {protocol.name}: kernel {kernel.label} is not isotropic; allowed: "
                "kernel_widths alone, no kernels"
            )
    levels = [float(level) for level in noise_levels]
    if levels != [0.0]:
        raise UserError(f"protocol {protocol.name}: noise_levels {levels}; allowed: [0.0]")


def protocol_cells(plan: Plan) -> Iterator[ReportCell]:
    """Yield what a study has a published table beside: one for each scale, or test set."""
    if plan.config.protocol is not None:
        sets = [one.name for one in plan.config.test_sets]
        for scale in plan.config.scales:
            for name in [""] if PROTOCOLS[plan.config.protocol].whole_scale else sets:
                yield ReportCell(plan.config.regimes[0].name, scale, name)

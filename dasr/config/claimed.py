"""From the claims of a study file to complete ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from dasr.config.checks import require
from dasr.config.claims import Claim, ClaimConfig, Relation
from dasr.config.degradation import Degradation, levels
from dasr.config.kernel import Kernel
from dasr.config.schema import StudyConfig
from dasr.errors import UserError
from dasr.terms.columns import BICUBIC
from dasr.terms.quantities import FACTORS

Value = TypeVar("Value")


@dataclass(frozen=True)
class Claimant:
    """A method of a study that claims can be about."""

    name: str
    trained: bool
    expected: Relation
    """What it is said to be where a study does not say."""
    regimes: tuple[str, ...]
    scales: tuple[int, ...]
    reference: str | None
    """What it is compared with where a claim does not say: in a study with sizes, the
    reference of its own; of a network without size nothing."""


def resolved_claims(
    config: StudyConfig, claimants: Sequence[Claimant], where: str
) -> tuple[Claim, ...]:
    """Return the claims of a study, complete.

    A study that says nothing has one claim per trained method: on the mean over the whole
    grid of its first test set, in each regime and at each scale, against the reference of
    its size; of the reference alone, against bicubic.

    Args:
        config: of the study.
        claimants: its methods but for bicubic.
        where: the study's files, for messages.

    Raises:
        UserError: a claim names what the study does not have, or is there twice.
    """
    asked = config.claims
    if asked is None:
        asked = _by_default(config, claimants)
    try:
        claims = tuple(_resolved(one, config, claimants) for one in asked)
        for number, claim in enumerate(claims):
            same = [one for one in claims[:number] if _subject(one) == _subject(claim)]
            require(not same, f"{claim.method} against {claim.reference}: a claim twice")
    except ValueError as error:
        raise UserError(f"{where}: claims: {error}") from None
    return claims


def _by_default(config: StudyConfig, claimants: Sequence[Claimant]) -> tuple[ClaimConfig, ...]:
    known = {one.name for one in claimants if one.trained}
    trained = [one for one in claimants if one.trained and one.reference in known]
    names = [one.name for one in trained if one.name != one.reference]
    alone = {} if names else {"reference": BICUBIC, "relation": "better"}
    return tuple(
        ClaimConfig(variant=name, regime=regime.name, scale=scale, **alone)  # type: ignore[arg-type]
        for regime in config.regimes
        for scale in config.scales
        for name in (names or [one.name for one in trained])
    )


def _resolved(asked: ClaimConfig, config: StudyConfig, claimants: Sequence[Claimant]) -> Claim:
    by_name = {one.name: one for one in claimants}
    allowed = [*by_name, BICUBIC]
    require(asked.variant in allowed, f"variant: unknown {asked.variant!r}; allowed: {allowed}")
    method = by_name.get(asked.variant)
    require(method is not None, f"variant: {BICUBIC!r} can be a reference alone")
    assert method is not None
    reference = method.reference if asked.reference is None else asked.reference
    require(reference is not None, f"variant: {asked.variant!r} has no size: name a reference")
    assert reference is not None
    require(reference in allowed, f"reference: unknown {reference!r}; allowed: {allowed}")
    require(asked.variant != reference, f"variant: {reference!r} against itself")
    regime = _one_of("regime", asked.regime, [one.name for one in config.regimes])
    scale = _one_of("scale", asked.scale, list(config.scales))
    sets = [one.name for one in config.test_sets]
    testset = _one_of("testset", asked.testset or sets[0], sets)
    for one in (method, by_name.get(reference)):
        if one is not None:
            tested = regime in one.regimes and scale in one.scales
            require(tested, f"{one.name} is not tested in regime {regime} at x{scale}")
    grid = next(one for one in config.regimes if one.name == regime).test_degradations(scale)
    cells = tuple(cell for cell in grid if _chosen(cell, asked))
    _require_found(asked, grid, f"{asked.variant}, regime {regime}, x{scale}")
    return Claim(
        method=asked.variant,
        relation=method.expected if asked.relation is None else asked.relation,
        reference=reference,
        regime=regime,
        scale=scale,
        testset=testset,
        margin_db=asked.margin_db,
        cells=cells,
        whole_grid=len(cells) == len(grid),
    )


def _one_of(key: str, asked: Value | None, allowed: Sequence[Value]) -> Value:
    """Return what was asked for, or the only one that there is."""
    if asked is None:
        require(len(allowed) == 1, f"{key}: say which of {list(allowed)}")
        return allowed[0]
    require(asked in allowed, f"{key}: unknown {asked!r}; allowed: {list(allowed)}")
    return asked


def _chosen(cell: Degradation, asked: ClaimConfig) -> bool:
    """Return whether a cell of the grid is one that a claim is about."""
    kernels = {Kernel.of_width(width).label for width in asked.kernel_widths}
    kernels |= {kernel.label for kernel in asked.kernel_shapes()}
    if kernels and cell.kernel.label not in kernels:
        return False
    known = cell.factors()
    lists = [(known.get(one.name), levels(asked, one)) for one in FACTORS]
    return all(not values or value in values for value, values in lists)


def _require_found(asked: ClaimConfig, grid: Sequence[Degradation], where: str) -> None:
    """Refuse values that no cell of the grid has."""
    labels = {cell.kernel.label for cell in grid}
    for key, kernels in (
        ("kernel_widths", [Kernel.of_width(width) for width in asked.kernel_widths]),
        ("kernels", asked.kernel_shapes()),
    ):
        for kernel in kernels:
            require(
                kernel.label in labels,
                f"{where}: {key}: {kernel.text} is not in the test grid",
            )
    for one in FACTORS:
        tested = {cell.factors().get(one.name) for cell in grid}
        for value in levels(asked, one):
            require(
                value in tested,
                f"{where}: {one.values}: {one.shown(value)} is not in the test grid",
            )


def _subject(claim: Claim) -> tuple[object, ...]:
    return (
        claim.method, claim.reference, claim.regime, claim.scale, claim.testset, claim.cells
    )  # fmt: skip

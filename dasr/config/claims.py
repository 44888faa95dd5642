"""Claims: what a study says about its methods before it trains them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require
from dasr.config.degradation import Degradation
from dasr.config.first_pass import FirstPass
from dasr.config.kernel import Kernel
from dasr.config.strict import ADDED
from dasr.terms.quantities import FACTORS

Relation = Literal["worse", "better", "equivalent"]


@dataclass(frozen=True, kw_only=True)
class ClaimConfig:
    """What a study file says of a method before it is trained; docs/statistics.md."""

    variant: str
    """The method, as rows call it: a variant, a swept value or an imported network."""
    relation: Relation | None = None
    """To the reference; by default what the variant's file says, else "worse"."""
    reference: str | None = None
    """What it is compared with: another method, or bicubic; by default the study's."""
    margin_db: float = 0.1
    """Differences up to this are of no account: equivalence is shown within it."""
    regime: str | None = None
    """May be left out in studies that have one; so may `scale`."""
    scale: int | None = None
    testset: str | None = None
    """By default the study's first."""
    kernel_widths: tuple[float, ...] = ()
    """Of the cells of the grid that differences are averaged over; by default all. So are
    `kernels`, first passes and the values of quantities."""
    kernels: tuple[tuple[float, float, float], ...] = ()
    noise_levels: tuple[float, ...] = ()
    jpeg_qualities: tuple[int, ...] = ()
    first_passes: tuple[FirstPass, ...] = field(default=(), metadata=ADDED)

    def __post_init__(self) -> None:
        """Refuse a margin that nothing lies within."""
        require(self.margin_db > 0, f"margin_db {self.margin_db:g} must be positive")

    def kernel_shapes(self) -> tuple[Kernel, ...]:
        """Return the kernels that are given by their shape."""
        return tuple(Kernel(lambda_1=a, lambda_2=b, theta_deg=t) for a, b, t in self.kernels)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim, complete: nothing of it is left to be decided after the training."""

    method: str
    relation: Relation
    reference: str
    regime: str
    scale: int
    testset: str
    margin_db: float
    """Differences up to this are of no account."""
    cells: tuple[Degradation, ...]
    """What differences are averaged over."""
    whole_grid: bool
    """Whether `cells` are all that the regime is tested on."""

    @property
    def about(self) -> str:
        """What differences are averaged over, e.g. "grid mean" or "width 2.6 and 3.4"."""
        if self.whole_grid:
            return "grid mean"
        if len(self.cells) == 1:
            return self.cells[0].label
        kernels = list(dict.fromkeys(cell.kernel.text for cell in self.cells))
        kind = "width" if all(cell.kernel.isotropic for cell in self.cells) else "kernel"
        parts = [f"{kind} {_listed(kernels)}"]
        for one in FACTORS:
            values = [cell.factors().get(one.name) for cell in self.cells]
            known = list(
                dict.fromkeys(one.shown(value) for value in values if value is not None)
            )
            parts += [f"{one.label} {_listed(known)}"] if known else []
        return ", ".join(parts)


def _listed(texts: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

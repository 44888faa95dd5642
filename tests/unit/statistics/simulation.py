"""How often a study in which nothing differs gets a verdict all the same.

`python -m tests.unit.statistics.simulation` writes docs/false_verdicts.csv and .md, which
docs/statistics.md shows; the tests run fewer trials of the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dasr.statistics.claims import Evidence, adjusted, verdict
from dasr.statistics.intervals import Estimate, MeanSquares, upper_tail

MARGIN, BATCH = 0.1, 250
FILE = Path("docs/false_verdicts.csv")
STARS = "star_somewhere"
"""Column of the largest of `Rates.star`: what verdicts after Holm are instead of."""


@dataclass(frozen=True)
class Layout:
    """A study's shape."""

    name: str
    variants: int
    """Beside the reference."""
    images: int
    seeds: int
    cells: int = 1
    """Claims of each variant: 1 is the grid's mean."""


LAYOUTS = (
    Layout("default: 3 variants, 7 images", 3, 7, 3),
    Layout("table1: 6 variants, 14 images", 6, 14, 3),
    Layout("27 cells, a claim per cell: 5 variants, 14 images", 5, 14, 3, cells=27),
    Layout("27 cells, a claim per variant", 5, 14, 3),
    Layout("table1 with 10 seeds", 6, 14, 10),
)
DEVIATIONS = {
    "as Table 1 on Set14": (0.05, 0.10, 0.05),
    "images differ": (0.20, 0.02, 0.02),
    "seeds differ": (0.02, 0.20, 0.02),
    "nothing in common": (0.0, 0.0, 0.20),
}
"""Standard deviations in dB of what is a method's own: how it does on an image, in a
training, and what is left. Methods of a study share the reference's draw."""


def differences(
    layout: Layout, deviations: Sequence[float], trials: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return differences to the reference, (trials, claims, images, seeds), true mean 0.

    Cells of a method share half of the variance of each of its parts.
    """
    methods, images, seeds = layout.variants + 1, layout.images, layout.seeds
    shapes = ((images, 1), (1, seeds), (images, seeds))
    values = np.zeros((trials, methods, layout.cells, images, seeds))
    for sd, shape in zip(deviations, shapes, strict=True):
        for cells in (1, layout.cells):
            drawn = rng.standard_normal((trials, methods, cells, *shape))
            values += sd * np.sqrt(0.5) * drawn
    return (values[:, 1:] - values[:, :1]).reshape(trials, -1, images, seeds)


def verdicts(values: NDArray[np.float64]) -> list[str]:
    """Return the verdicts of a study with these differences, (claims, images, seeds)."""
    estimates = [Estimate.of(one) for one in values]
    p, equivalent = adjusted([Evidence.of(one, MARGIN) for one in estimates])
    return [
        verdict(one.mean, *both) for one, *both in zip(estimates, p, equivalent, strict=True)
    ]


@dataclass(frozen=True)
class Rates:
    """Shares of studies in which nothing differs."""

    verdict: float
    """That get a verdict of "better" or "worse"."""
    star: float
    """That would have a star somewhere, were there one wherever an interval excludes zero."""


def false_rates(layout: Layout, deviations: Sequence[float], trials: int, seed: int) -> Rates:
    """Return how often a study gets a verdict, and a star, although nothing differs.

    Holm rejects nothing unless the smallest p is below 5 % over the number of claims: only
    such studies are gone through claim by claim.
    """
    rng, false, starred = np.random.default_rng(seed), 0, 0
    for start in range(0, trials, BATCH):
        values = differences(layout, deviations, min(BATCH, trials - start), rng)
        errors, degrees = MeanSquares.of(values).errors()
        with np.errstate(divide="ignore"):  # crossed, a variance may be estimated as 0
            statistics = abs(values.mean(axis=(-2, -1))) / errors
        smallest = 2 * upper_tail(degrees, statistics).max(axis=0).min(axis=1)
        starred += int((smallest < 0.05).sum())
        for suspect in values[smallest < 1.01 * 0.05 / values.shape[1]]:
            false += bool({"better", "worse"} & set(verdicts(suspect)))
    return Rates(false / trials, starred / trials)


def main(trials: int = 10_000) -> None:
    """Write the table of docs/statistics.md."""
    rows = []
    for layout in LAYOUTS:
        count = trials // 4 if layout.cells > 1 else trials
        rates = {
            name: false_rates(layout, deviations, count, seed=1)
            for name, deviations in DEVIATIONS.items()
        }
        row = {name: rate.verdict for name, rate in rates.items()}
        stars = max(rate.star for rate in rates.values())
        rows.append({"study": layout.name, **row, STARS: stars, "trials": count})
    pd.DataFrame(rows).to_csv(FILE, index=False, lineterminator="\n")
    FILE.with_suffix(".md").write_text(markdown(pd.read_csv(FILE)), encoding="utf-8")


def markdown(found: pd.DataFrame) -> str:
    """Return the table of docs/statistics.md."""
    names = [*DEVIATIONS, STARS]
    heads = ["study", *DEVIATIONS, "a star somewhere (worst)", "trials"]
    lines = ["| " + " | ".join(heads) + " |"]
    lines.append("|:---|" + "---:|" * (len(names) + 1))
    for row in found.to_dict("records"):
        rates = [f"{row[name]:.3f}" for name in names]
        lines.append("| " + " | ".join([row["study"], *rates, f"{row['trials']:,}"]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

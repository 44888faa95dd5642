"""Key columns of tidy rows: whoever writes rows and whoever reads them takes them from here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NETWORK = ("study", "method", "regime", "scale")
"""What a network is, but for its seed; bicubic enlargement is a method like the others."""
RUN = (*NETWORK, "seed")
KERNEL = "kernel"
"""Label of the blur kernel, text: "1.2", or "2,0.2,30deg" where it is anisotropic."""
DEGRADATION_NUMBERS = ("kernel_width", "lambda_1", "lambda_2", "theta_deg", "noise_level")
"""What the degradation is, as numbers: widths in HR pixels (`kernel_width` is missing where
the kernel is anisotropic), an angle in degrees, grey levels of 0..255."""
DEGRADATION = (KERNEL, *DEGRADATION_NUMBERS)
GRID_CELL = (KERNEL, "noise_level")
"""What tells the cells of one test grid apart."""
CELL = (*NETWORK, "testset", *DEGRADATION)
"""What a mean over images is about."""
TEXT = ("study", "method", "regime", "testset", "image", KERNEL, "task")
"""Columns that stay text when a file is read, whatever they look like."""

BICUBIC = "bicubic"
"""Name of the baseline in the column `method`: there is nothing to train."""
MEAN = "mean"
"""Label, in the column `kernel`, of rows that average the whole grid of degradations."""


@dataclass(frozen=True, kw_only=True)
class RunKeys:
    """Which network results are of: the columns `RUN`."""

    study: str
    method: str
    regime: str
    scale: int
    seed: int
    """0 for what is not trained here."""

    def columns(self) -> dict[str, str | int]:
        """Return the keys by column."""
        return asdict(self)


def with_keys(rows: "pd.DataFrame", keys: Mapping[str, str | int]) -> "pd.DataFrame":
    """Return rows with key columns before their own, each the same in all rows."""
    return rows.assign(**keys)[[*keys, *rows.columns]]

"""Key columns put before rows: the one way, for whoever writes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class RunKeys:
    """Which network results are of: the columns `dasr.terms.columns.RUN`."""

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

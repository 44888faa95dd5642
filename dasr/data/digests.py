"""A packed set's index, and the digest of the set from it alone."""

from pathlib import Path

import pandas as pd

from dasr.config import digest

TEXT = {"set": str, "image": str, "sha256": str}


def read_index(path: Path) -> pd.DataFrame:
    """Return a packed set's index; names stay text, even 0007, 1e3 and NA."""
    return pd.read_csv(path, dtype=TEXT, keep_default_na=False)


def index_digest(index: pd.DataFrame) -> str:
    """Return a digest of names, sizes and pixels, given a packed set's index."""
    columns = index[["image", "height", "width", "sha256"]].astype(str)
    return digest(columns.to_numpy().tolist())

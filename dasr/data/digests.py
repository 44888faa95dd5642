"""The digest of an image set, from its index alone."""

import pandas as pd

from dasr.config import digest


def index_digest(index: pd.DataFrame) -> str:
    """Return a digest of names, sizes and pixels, given a packed set's index."""
    columns = index[["image", "height", "width", "sha256"]].astype(str)
    return digest(columns.to_numpy().tolist())

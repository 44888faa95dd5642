"""A packed set's index, and the digest of the set from it alone."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dasr.config import digest
from dasr.errors import UserError
from dasr.pixels import Pixels

TEXT = {"set": str, "image": str, "sha256": str, "line_sha256": str}
COLUMNS = ["set", "image", "height", "width", "offset", "sha256"]


def pixels_digest(image: Pixels) -> str:
    """Return the SHA-256 of an image's bytes, (H, W, 3)."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()


def write_index(rows: Iterable[tuple[Any, ...]], path: Path) -> None:
    """Write a packed set's index: `COLUMNS` of each image, and a digest of them."""
    lines = [(*row, _line_digest(row)) for row in rows]
    pd.DataFrame(lines, columns=[*COLUMNS, "line_sha256"]).to_csv(path, index=False)


def read_index(path: Path) -> pd.DataFrame:
    """Return a packed set's index; names stay text, even 0007, 1e3 and NA.

    Raises:
        UserError: a line is not what was written.
    """
    try:
        index = pd.read_csv(path, dtype=TEXT, keep_default_na=False)
        lines = index[[*COLUMNS, "line_sha256"]].itertuples(index=False)
        damaged = [n for n, line in enumerate(lines, 2) if line[-1] != _line_digest(line[:-1])]
    except (ValueError, KeyError) as error:  # no table, or one without these columns
        raise UserError(f"{path}: damaged: {error}; delete it") from None
    if damaged:
        raise UserError(f"{path}: damaged: line {damaged[0]} is not as written; delete it")
    return index


def index_digest(index: pd.DataFrame) -> str:
    """Return a digest of names, sizes and pixels, given a packed set's index."""
    columns = index[["image", "height", "width", "sha256"]].astype(str)
    return digest(columns.to_numpy().tolist())


def images_digest(index: Sequence[Path]) -> str:
    """Return a digest of the pixels and sizes of packed sets, given their indices in order."""
    return digest([index_digest(read_index(path)) for path in index])


def _line_digest(row: Iterable[Any]) -> str:
    return hashlib.sha256("\n".join(map(str, row)).encode()).hexdigest()[:16]

"""Published numbers, and which of them belong to which method of a study.

The CSV files beside this module are transcriptions; the column `source` names where a
number was published. `methods.csv` says which published row a variant is.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from dasr.reporting.published.protocols import require_protocol
from dasr.statistics.jobs import read_rows

Marks = tuple[bool | None, bool | None, bool | None, bool | None]
"""What a method has: representation learning, the DA conv's kernel and its modulation, the
true degradation. None: does not apply, or is not known."""

FOLDER = Path(__file__).resolve().parent
COLUMNS = [
    "scale",
    "testset",
    "method",
    "kernel_width",
    "lambda_1",
    "lambda_2",
    "theta_deg",
    "noise_level",
    "psnr_y_db",
    "source",
]
MARKS = [
    "representation_learning",
    "da_conv_kernel",
    "da_conv_modulation",
    "oracle_degradation",
]


def read_published(protocol: str) -> pd.DataFrame:
    """Return a protocol's published numbers, one row a method and degradation.

    Columns: scale, testset, method (its published name), kernel_width (empty if
    anisotropic), lambda_1, lambda_2 (HR pixels), theta_deg, noise_level (grey levels),
    psnr_y_db, source. Gaussian8's rows are means over kernels: theirs are empty.

    Raises:
        UserError: there is no such protocol.
    """
    require_protocol(protocol)
    return read_rows(FOLDER / f"{protocol}.csv")[COLUMNS]


def published_names(
    protocol: str, methods: Iterable[str], stands_for: Mapping[str, str]
) -> dict[str, str]:
    """Return the published name of each method that has one.

    Args:
        protocol: one of `dasr.reporting.published.protocols.PROTOCOLS`.
        methods: a study's methods.
        stands_for: the variant whose published rows are an imported network's, by method.
    """
    require_protocol(protocol)
    known = _known(protocol)
    variants = {method: stands_for.get(method, method) for method in methods}
    return {method: known[name] for method, name in variants.items() if name in known}


def published_for(
    protocol: str, methods: Iterable[str], stands_for: Mapping[str, str]
) -> pd.DataFrame:
    """Return the published rows of a study's methods.

    Columns are those of `read_published`, but `method` is the study's, and
    `published_method` the published name. Arguments as in `published_names`.
    """
    names = published_names(protocol, methods, stands_for)
    ours = pd.DataFrame(
        {"published_method": list(names.values()), "method": list(names)}, dtype=object
    )
    rows = read_published(protocol).rename(columns={"method": "published_method"})
    return ours.merge(rows, on="published_method")


def published_marks() -> dict[str, Marks]:
    """Return Table 1's check marks of each variant that is in it."""
    rows = read_rows(FOLDER / "table1.csv").drop_duplicates("method").set_index("method")
    words: dict[object, bool | None] = {"yes": True, "no": False}
    marks: dict[str, Marks] = {}
    for variant, name in _known("table1").items():
        one, two, three, four = (words.get(rows[mark][name]) for mark in MARKS)
        marks[variant] = (one, two, three, four)
    return marks


def _known(protocol: str) -> dict[str, str]:
    """Return the published name of each variant and of bicubic, if they have one."""
    rows = read_rows(FOLDER / "methods.csv")
    rows = rows[rows["protocol"] == protocol]
    return dict(zip(rows["method"], rows["published_method"], strict=True))

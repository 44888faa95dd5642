"""Published numbers, and which of them belong to which method of a study.

The CSV files beside this module are transcriptions; the column `source` names where a
number was published. `methods.csv` says which published row a variant is.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from dasr.config import DASRConfig
from dasr.reporting.published.protocols import Protocol
from dasr.statistics.jobs import read_rows
from dasr.study import Method
from dasr.terms.columns import DEGRADATION_NUMBERS
from dasr.terms.metrics import RANKING

Marks = tuple[bool | None, ...]
"""Whether a method has each of `MARKS`. None: does not apply, or is not known."""

FOLDER = Path(__file__).resolve().parent
COLUMNS = ["scale", "testset", "method", *DEGRADATION_NUMBERS, RANKING.column, "source"]
PUBLISHED_COSTS = ["parameters", "runtime_ms"]
MARKS = [
    "representation_learning",
    "da_conv_kernel",
    "da_conv_modulation",
    "oracle_degradation",
]


def published_files(protocol: Protocol) -> list[str]:
    """Return the files of a protocol's published numbers, relative to the working directory."""
    return [os.path.relpath(FOLDER / f"{name}.csv") for name in (protocol.name, "methods")]


def read_published(protocol: Protocol) -> pd.DataFrame:
    """Return a protocol's published numbers, one row per method and degradation.

    Columns: scale, testset, method (its published name), kernel_width (empty if
    anisotropic), lambda_1, lambda_2 (HR pixels), theta_deg, noise_level (grey levels),
    psnr_y_db, source. Where means over kernels are published, the kernels are empty.
    """
    return read_rows(FOLDER / f"{protocol.name}.csv")[COLUMNS]


def published_costs(protocol: Protocol, scale: int) -> pd.DataFrame:
    """Return what is published of costs at a scale, by published name of the method.

    Columns: `parameters`, as it is printed (text, of several networks with "+"), and
    `runtime_ms`; each is missing where the paper has none. No rows for nothing at all.
    """
    rows = read_rows(FOLDER / f"{protocol.name}.csv").reindex(
        columns=["scale", "method", *PUBLISHED_COSTS]
    )
    own = rows[rows["scale"] == scale].drop_duplicates("method").set_index("method")
    return own[PUBLISHED_COSTS].dropna(how="all")


def method_names(protocol: Protocol) -> dict[str, str]:
    """Return the published names of a protocol's methods, by variant."""
    rows = read_rows(FOLDER / "methods.csv")
    rows = rows[rows["protocol"] == protocol.name]
    return dict(zip(rows["method"], rows["published_method"], strict=True))


def published_names(protocol: Protocol, methods: Iterable[Method]) -> dict[str, str]:
    """Return the published name of each method of a study that has one."""
    known = method_names(protocol)
    found = {method.name: known.get(method.stands_for) for method in methods}
    return {name: published for name, published in found.items() if published is not None}


def check_marks(protocol: Protocol, methods: Iterable[Method]) -> dict[str, Marks]:
    """Return each method's check marks: published, else as it is configured, else unknown."""
    methods = list(methods)
    rows = read_rows(FOLDER / f"{protocol.name}.csv")
    rows = rows.drop_duplicates("method").set_index("method")
    words: dict[object, bool | None] = {"yes": True, "no": False}
    marks = {method.name: configured_marks(method) for method in methods}
    for method, name in published_names(protocol, methods).items():
        marks[method] = tuple(words.get(rows[mark][name]) for mark in MARKS)
    return marks


def configured_marks(method: Method) -> Marks:
    """Return the check marks of a method that is trained here; of others nothing is known."""
    if method.settings is None:
        return (None, None, None, None)
    model, contrastive = method.settings.model, method.settings.contrastive
    oracle = method.representation == "oracle"
    by_contrast = contrastive.enabled
    kernel = channel = False
    if isinstance(model, DASRConfig):
        kernel, channel = model.kernel_branch, model.channel_branch
    return (None if oracle else by_contrast, kernel, channel, oracle)

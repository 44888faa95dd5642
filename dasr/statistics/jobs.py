"""A study's statistics from files to files: what a workflow calls."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pandas as pd
import yaml

from dasr.files import replacing
from dasr.statistics.representations import read_resampled, summarise_clusters
from dasr.statistics.summaries import paired, summarise
from dasr.terms.columns import TEXT


def read_rows(path: str | Path) -> pd.DataFrame:
    """Return a CSV file's rows; names stay text, and only empty cells are missing."""
    types = dict.fromkeys(TEXT, str)
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])


def gather(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Return the rows of several CSV files; no rows for no files."""
    frames = [read_rows(path) for path in paths]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def write_statistics(
    metrics: pd.DataFrame,
    clusters: pd.DataFrame,
    resampled: Sequence[Path],
    runs: Sequence[Path],
    reference: str,
    trained: Collection[str],
    folder: Path,
) -> None:
    """Write metrics, summary, paired, clusters and costs as CSV files of one folder.

    Args:
        metrics: rows of every method, bicubic and imported networks among them.
        clusters: scores of every network with an encoder, and of the untrained encoder; no
            rows in a study without.
        resampled: files of the same scores of resampled images.
        runs: YAML records of every network, for parameters and FLOPs.
        reference: the method that differences are taken against.
        trained: the methods that the study trains: those are paired by seed.
        folder: where to write.
    """
    frames = {
        "metrics": metrics,
        "summary": summarise(metrics),
        "paired": paired(metrics[metrics["method"].isin(list(trained))], reference),
        "clusters": summarise_clusters(clusters, read_resampled(resampled)),
        "costs": _costs(runs),
    }
    for name, frame in frames.items():
        with replacing(folder / f"{name}.csv") as temporary:
            frame.to_csv(temporary, index=False)


def _costs(runs: Sequence[Path]) -> pd.DataFrame:
    """Return method, scale, parameters and FLOPs of each kind of network."""
    records = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in runs]
    keys = ["method", "scale", "parameters", "flops"]
    frame = pd.DataFrame([[record[key] for key in keys] for record in records], columns=keys)
    return frame.drop_duplicates(ignore_index=True)

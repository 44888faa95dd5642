"""A study's statistics from files to files: what a workflow calls."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from dasr.config.claims import Claim
from dasr.files import replacing
from dasr.statistics.claims import verdicts
from dasr.statistics.comparisons import paired
from dasr.statistics.costs import costs
from dasr.statistics.encoder_stages import TrainedStage, encoder_stages
from dasr.statistics.factorial import factorial
from dasr.statistics.margins import margins, with_grid_mean
from dasr.statistics.representations import read_resampled, summarise_clusters
from dasr.statistics.scaling import scaling
from dasr.statistics.summaries import summarise
from dasr.study import Factorial
from dasr.study.records import HISTORY
from dasr.study.scaling import Part
from dasr.terms.columns import TEXT


def read_rows(path: str | Path) -> pd.DataFrame:
    """Return a CSV file's rows; names stay text, and only empty cells are missing.

    Numbers are those that were written, to the last bit (pandas 3.1 and later): statistics
    of a file's rows are those of the rows that were written to it.
    """
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
    runs: Sequence[tuple[Path, Path | None]],
    references: Mapping[str, str],
    trained: Collection[str],
    ranked: Sequence[Collection[str]],
    claims: Sequence[Claim],
    networks_before: Mapping[str, int],
    folder: Path,
    designs: Sequence[Factorial] = (),
    parts: Sequence[Part] = (),
    checkpoints: Sequence[Path] = (),
    part_records: Sequence[Sequence[Path]] = (),
) -> None:
    """Write a study's statistics as CSV files of one folder, one per frame below.

    Args:
        metrics: rows of every method, bicubic and imported networks among them.
        clusters: scores of every network with an encoder, and of the untrained encoder; no
            rows in a study without.
        resampled: files of the same scores of resampled images.
        runs: YAML records of every network and of the encoder stage that it went on from,
            which has its history beside it, in a folder named by the stage's digest.
        references: by method, what its differences are taken against.
        trained: the methods that the study trains: those are paired by seed.
        ranked: the methods that can be the best, those of each size.
        claims: of the study.
        networks_before: of each claim, see `dasr.statistics.claims.verdicts`.
        folder: where to write.
        designs: those of its methods that form a factorial design.
        parts: of a study with sizes or checkpoints, which has scaling.csv.
        checkpoints: rows of evaluation of networks before the last, a file per training.
        part_records: for each of `runs`, records of the stages of its parts; none for none.
    """
    rows = with_grid_mean(metrics)
    records = [(_record(own), _record(encoder)) for own, encoder in runs]
    of_parts = [[_record(path) for path in own] for own in part_records or [()] * len(runs)]
    spent = costs([*both, *own] for both, own in zip(records, of_parts, strict=True))
    frames = {
        "metrics": metrics,
        "summary": summarise(rows, trained, ranked),
        "margins": summarise(margins(metrics), trained, ranked),
        "paired": paired(rows, references, trained, len(claims)),
        "claims": verdicts(metrics, claims, trained, networks_before),
        "factorial": factorial(metrics, designs),
        "clusters": summarise_clusters(clusters, read_resampled(resampled)),
        "costs": spent,
        "encoder_stages": encoder_stages(_trained_stages(runs)),
    }
    if parts:
        ends = {
            (one["method"], one["regime"], one["scale"]): int(one["step"])
            for one, _ in records
            if "step" in one
        }
        frames["scaling"] = scaling(metrics, gather(checkpoints), ends, spent, parts, trained)
    for name, frame in frames.items():
        with replacing(folder / f"{name}.csv") as temporary:
            frame.to_csv(temporary, index=False)


def _trained_stages(runs: Iterable[tuple[Path, Path | None]]) -> Iterator[TrainedStage]:
    """Yield the encoder stage of every network that has one."""
    for own, encoder in runs:
        if encoder is not None:
            rows = read_rows(encoder.with_name(HISTORY)).to_dict("records")
            history = [{str(name): value for name, value in row.items()} for row in rows]
            stage = encoder.parent.name
            yield TrainedStage(stage, _record(encoder), history, _record(own))


def _record(path: Path | None) -> dict[str, Any]:
    """Return what a run.yaml holds; nothing of a stage that there was none of."""
    return {} if path is None else yaml.safe_load(path.read_text(encoding="utf-8"))

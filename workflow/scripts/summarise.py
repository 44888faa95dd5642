"""Gather every network's rows and compute the study's statistics."""

from pathlib import Path

from dasr.statistics.jobs import gather, write_statistics
from job import job

with job(snakemake):
    files = snakemake.input
    write_statistics(
        metrics=gather(files.metrics),
        clusters=gather(files.clusters),
        resampled=[Path(path) for path in files.resampled],
        runs=[Path(path) for path in files.runs],
        reference=snakemake.params.reference,
        trained=snakemake.params.trained,
        folder=Path(snakemake.output.summary).parent,
    )

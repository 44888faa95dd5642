"""Gather every network's rows and compute the study's statistics."""

from pathlib import Path

from dasr.statistics.jobs import gather, write_statistics
from dasr.statistics.versions import write_versions
from job import job

with job(snakemake):
    files = snakemake.input
    write_statistics(
        metrics=gather(files.metrics),
        clusters=gather(files.clusters),
        runs=[Path(path) for path in files.runs],
        reference=snakemake.params.reference,
        trained=snakemake.params.trained,
        folder=Path(snakemake.output.summary).parent,
    )
    write_versions(Path(snakemake.output.versions))

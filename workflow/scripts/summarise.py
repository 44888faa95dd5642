"""Gather every network's rows and compute the study's statistics."""

from pathlib import Path

from dasr.config import from_dict
from dasr.statistics.jobs import gather, write_statistics
from dasr.study import Factorial
from job import job

with job(snakemake):
    files, params = snakemake.input, snakemake.params
    write_statistics(
        metrics=gather(files.metrics),
        clusters=gather(files.clusters),
        runs=[
            (Path(own), Path(encoder) if encoder else None)
            for own, encoder in zip(files.runs, params.encoders, strict=True)
        ],
        reference=params.reference,
        trained=params.trained,
        designs=[from_dict(Factorial, design, "design") for design in params.designs],
        folder=Path(snakemake.output.summary).parent,
    )

"""Gather every network's rows and compute the study's statistics."""

from pathlib import Path

from dasr.config import from_dict
from dasr.config.claims import Claim
from dasr.statistics.jobs import gather, write_statistics
from dasr.statistics.registration import networks_before
from job import job

with job(snakemake):
    files = snakemake.input
    write_statistics(
        metrics=gather(files.metrics),
        clusters=gather(files.clusters),
        runs=[Path(path) for path in files.runs],
        reference=snakemake.params.reference,
        trained=snakemake.params.trained,
        ranked=snakemake.params.ranked,
        claims=[from_dict(Claim, one, "claims") for one in snakemake.params.claims],
        networks_before=networks_before(Path(files.claims)),
        folder=Path(snakemake.output.summary).parent,
    )

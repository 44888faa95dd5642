"""Bring a network from elsewhere into the study."""

from pathlib import Path

from dasr.commands.imported import import_network
from job import job

with job(snakemake):
    import_network(
        Path(snakemake.input[0]),
        name=snakemake.wildcards.method,
        regime=snakemake.wildcards.regime,
        scale=int(snakemake.wildcards.scale),
        network_file=Path(snakemake.output.network),
        run_file=Path(snakemake.output.run),
    )

"""Write one table of the report."""

import json
from pathlib import Path

from dasr.reporting.rows import Where
from dasr.reporting.table_jobs import make_table
from job import job

with job(snakemake):
    keys, params = snakemake.wildcards, snakemake.params
    make_table(
        keys.table,
        snakemake.input,
        Where(keys.regime, int(keys.scale), keys.testset),
        json.loads(params.titles),
        json.loads(params.hypotheses),
        params.oracles,
        Path(snakemake.output.csv).with_suffix(""),
    )

"""Draw one figure of the report."""

import json
from pathlib import Path

from dasr.reporting.figure_jobs import make_figure
from dasr.reporting.rows import Where
from job import job

with job(snakemake):
    keys, params = snakemake.wildcards, snakemake.params
    make_figure(
        keys.figure,
        {name: snakemake.input[name] for name in snakemake.input.keys()},
        Where(keys.regime, int(keys.scale), keys.testset),
        json.loads(params.titles),
        params.settings,
        Path(snakemake.output.png).with_suffix(""),
    )

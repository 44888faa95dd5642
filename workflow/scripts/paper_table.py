"""Write one table in the layout of the paper."""

import json
from pathlib import Path

from dasr.reporting.table_jobs import make_paper_table
from job import job

with job(snakemake):
    params = snakemake.params
    make_paper_table(
        snakemake.wildcards.papertable,
        Path(snakemake.input.summary),
        Path(snakemake.output.csv).with_suffix(""),
        protocol=params.protocol,
        regime=params.regime,
        titles=json.loads(params.titles),
        unranked=params.unranked,
        stands_for=params.stands_for,
        marks={method: tuple(values) for method, values in params.marks.items()},
        budget_note=params.size,
    )

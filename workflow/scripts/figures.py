"""Draw every figure of a study, with its caption."""

from dasr.reporting.jobs import write_figures
from job import job

with job(snakemake):
    write_figures(snakemake.params.study)

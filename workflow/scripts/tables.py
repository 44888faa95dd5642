"""Write every table of a study, with its caption."""

from dasr.reporting.jobs import write_tables
from job import job

with job(snakemake):
    write_tables(snakemake.params.study)

"""Keep what the study claims, before anything is trained."""

from pathlib import Path

from dasr.config import from_dict
from dasr.config.claims import Claim
from dasr.statistics.registration import register
from job import job

with job(snakemake):
    claims = [from_dict(Claim, one, "claims") for one in snakemake.params.claims]
    register(claims, Path(snakemake.params.results), Path(snakemake.output[0]))

"""Create MLflow's store and the project's experiment."""

from pathlib import Path

from dasr.tracking import ensure_experiment
from job import job

with job(snakemake):
    ensure_experiment(snakemake.params.uri, Path("mlartifacts"))
    store = Path(snakemake.output[0])
    if not store.exists():
        store.write_text(snakemake.params.uri + "\n", encoding="utf-8")

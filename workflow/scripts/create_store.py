"""Ask MLflow's store for the project's experiment, or create both, before training."""

import json
from pathlib import Path

from dasr.config.store_address import shown, tracking_uri
from dasr.files import write_text
from dasr.tracking import ensure_experiment
from job import job

with job(snakemake):
    # not from the parameters, which Snakemake keeps and shows: an address may hold secrets
    uri = tracking_uri()
    experiment = ensure_experiment(uri, snakemake.params.store)
    record = {"uri": shown(uri), "experiment_id": experiment}
    write_text(Path(snakemake.output[0]), json.dumps(record, indent=1))

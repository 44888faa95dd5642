"""Mirror the study into MLflow and keep the receipt."""

import json
from pathlib import Path

from dasr.config import git_commit, to_dict
from dasr.config.store_address import tracking_uri
from dasr.files import write_text
from dasr.study import Plan, read_study
from dasr.study.inference import INFERENCE
from dasr.study.published import network_files
from dasr.tracking import ensure_experiment, publish_study
from dasr.tracking.assemble import child_run, parent_run
from job import job

FRAMES = ("summary", "paired", "claims", "clusters", "costs", "encoder_stages")

with job(snakemake):
    files, plan = snakemake.input, Plan(read_study(snakemake.params.study))
    frames = {name: Path(files[name]) for name in FRAMES}
    inference = next(map(Path, files.inference), None)
    parent = parent_run(
        to_dict(plan.config),
        digests=Path(files.digests),
        commit=git_commit(),
        claims=Path(files.claims_made),
        frames=frames | ({INFERENCE: inference} if inference else {}),
        tables=[Path(path) for path in files.tables],
        figures=[Path(path) for path in files.figures],
    )
    children = (
        child_run(plan.config.study, network, inference) for network in network_files(plan)
    )
    uri = tracking_uri()
    experiment = ensure_experiment(uri, snakemake.params.store)
    receipt = publish_study(uri, experiment, parent, children)
    write_text(Path(snakemake.output[0]), json.dumps(receipt, indent=1))

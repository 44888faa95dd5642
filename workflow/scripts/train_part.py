"""Train a part of networks that they share."""

from pathlib import Path

from dasr.config import Stage, from_dict
from dasr.devices import use_device
from dasr.training.early_jobs import run_part_stage
from job import gpu_asked, job

with job(snakemake):
    run_part_stage(
        from_dict(Stage, snakemake.params.stage, "stage"),
        pixels=[Path(path) for path in snakemake.input.pixels],
        index=[Path(path) for path in snakemake.input.index],
        folder=Path(snakemake.params.folder),
        source=snakemake.params.source,
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        state_file=Path(snakemake.output.state),
        history_file=Path(snakemake.output.history),
        run_file=Path(snakemake.output.run),
    )

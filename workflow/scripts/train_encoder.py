"""Train the encoder stage that variants share."""

from pathlib import Path

from dasr.config import Stage, from_dict
from dasr.devices import use_device
from dasr.training.early_jobs import run_encoder_stage
from job import gpu_asked, job

with job(snakemake):
    run_encoder_stage(
        from_dict(Stage, snakemake.params.encoder, "encoder"),
        pixels=[Path(path) for path in snakemake.input.pixels],
        index=[Path(path) for path in snakemake.input.index],
        validation_pixels=[Path(path) for path in snakemake.input.validation_pixels],
        validation_index=[Path(path) for path in snakemake.input.validation_index],
        folder=Path(snakemake.params.folder),
        source=snakemake.params.source,
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        state_file=Path(snakemake.output.state),
        history_file=Path(snakemake.output.history),
        run_file=Path(snakemake.output.run),
    )

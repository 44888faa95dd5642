"""Train the encoder stage that variants share."""

from pathlib import Path

from dasr.config import EncoderConfig, from_dict
from dasr.training.jobs import run_encoder_stage
from job import job, torch_device

with job(snakemake):
    run_encoder_stage(
        from_dict(EncoderConfig, snakemake.params.encoder, "encoder"),
        pixels=[Path(path) for path in snakemake.input.pixels],
        index=[Path(path) for path in snakemake.input.index],
        folder=Path(snakemake.params.folder),
        source=snakemake.params.source,
        device=torch_device(snakemake),
        state_file=Path(snakemake.output.state),
        history_file=Path(snakemake.output.history),
    )

"""Train one network: the joint stage."""

from pathlib import Path

from dasr.config import RunConfig, from_dict
from dasr.devices import use_device
from dasr.training.jobs import run_joint_stage
from job import gpu_asked, job

with job(snakemake):
    run_joint_stage(
        from_dict(RunConfig, snakemake.params.run, "run"),
        pixels=[Path(path) for path in snakemake.input.pixels],
        index=[Path(path) for path in snakemake.input.index],
        encoder_pixels=[Path(path) for path in snakemake.input.encoder_pixels],
        encoder_index=[Path(path) for path in snakemake.input.encoder_index],
        encoder_state=next(map(Path, snakemake.input.encoder), None),
        encoder_source=snakemake.params.encoder_source,
        part_states=dict(
            zip(
                snakemake.params.part_sources,
                map(Path, snakemake.input.parts),
                strict=True,
            )
        ),
        part_sources=snakemake.params.part_sources,
        folder=Path(snakemake.params.folder),
        source=snakemake.params.source,
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        network_file=Path(snakemake.output.network),
        history_file=Path(snakemake.output.history),
        run_file=Path(snakemake.output.run),
        checkpoint_files=dict(
            zip(
                snakemake.params.checkpoints,
                map(Path, snakemake.output.checkpoints),
                strict=True,
            )
        ),
    )

"""Represent one test set by the encoder that a training starts from."""

from pathlib import Path

from dasr.config import RepresentationConfig, Stage, from_dict
from dasr.devices import use_device
from dasr.evaluation.jobs import represent_untrained
from dasr.terms.keys import RunKeys
from job import gpu_asked, job

with job(snakemake):
    given, keys = snakemake.input, snakemake.wildcards
    represent_untrained(
        RunKeys(
            study=keys.study,
            method=keys.method,
            regime=keys.regime,
            scale=int(keys.scale),
            seed=int(keys.seed),
        ),
        from_dict(Stage, snakemake.params.stage, "stage"),
        from_dict(RepresentationConfig, snakemake.params.representations, "embedding"),
        train_pixels=[Path(path) for path in given.train_pixels],
        train_index=[Path(path) for path in given.train_index],
        pixels=Path(given.pixels),
        index=Path(given.index),
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        embedding_file=Path(snakemake.output.embedding),
    )

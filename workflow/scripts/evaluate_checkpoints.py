"""Measure the networks that are kept of one training on every test set."""

from pathlib import Path

from dasr.config import EvaluationConfig, from_dict
from dasr.devices import use_device
from dasr.evaluation.jobs import evaluate_checkpoints
from dasr.terms.keys import RunKeys
from job import gpu_asked, job

with job(snakemake):
    given, params, keys = snakemake.input, snakemake.params, snakemake.wildcards
    evaluate_checkpoints(
        RunKeys(
            study=keys.study,
            method=keys.method,
            regime=keys.regime,
            scale=int(keys.scale),
            seed=int(keys.seed),
        ),
        from_dict(EvaluationConfig, params.evaluation, "evaluation"),
        network_files=dict(zip(params.checkpoints, map(Path, given.networks), strict=True)),
        pixels=[Path(path) for path in given.pixels],
        index=[Path(path) for path in given.index],
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        metrics_file=Path(snakemake.output.metrics),
    )

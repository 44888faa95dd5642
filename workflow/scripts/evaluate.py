"""Measure one method on one test set, keep crops, and an encoder's representations."""

from pathlib import Path

from dasr.config import EvaluationConfig, RepresentationConfig, from_dict
from dasr.devices import use_device
from dasr.evaluation.jobs import evaluate_method
from dasr.terms.keys import RunKeys
from job import gpu_asked, job

with job(snakemake):
    given, made, keys = snakemake.input, snakemake.output, snakemake.wildcards
    embedding = None
    if "embedding" in made.keys():
        asked = from_dict(RepresentationConfig, snakemake.params.representations, "embedding")
        embedding = (asked, Path(made.embedding))
    evaluate_method(
        RunKeys(
            study=keys.study,
            method=keys.method,
            regime=keys.regime,
            scale=int(keys.scale),
            seed=int(keys.seed),
        ),
        from_dict(EvaluationConfig, snakemake.params.evaluation, "evaluation"),
        network_file=Path(given.network) if "network" in given.keys() else None,
        pixels=Path(given.pixels),
        index=Path(given.index),
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        metrics_file=Path(made.metrics),
        examples_file=Path(made.examples),
        embedding=embedding,
    )

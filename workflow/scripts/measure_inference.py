"""Measure the time and the memory that every method takes, one after the other."""

from pathlib import Path

from dasr.devices import use_device
from dasr.evaluation.inference import THREADS
from dasr.evaluation.jobs import MeasuredMethod, measure_inference
from dasr.terms.keys import RunKeys
from job import gpu_asked, job

with job(snakemake):
    measure_inference(
        [
            MeasuredMethod(
                keys=RunKeys(**one["keys"]),
                network_file=Path(one["network"]) if one["network"] else None,
            )
            for one in snakemake.params.methods
        ],
        use_device(THREADS, gpu=gpu_asked(snakemake)),
        Path(snakemake.output[0]),
    )

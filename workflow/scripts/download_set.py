"""Download one image set of the field, unless it is there, and mark it as verified."""

from pathlib import Path

from dasr.config.benchmarks import benchmark_sets
from dasr.data.benchmarks import fetch_set, verify_set
from dasr.files import write_text
from job import job

with job(snakemake):
    benchmark = benchmark_sets()[snakemake.params.name]
    root = Path(snakemake.wildcards.root)
    fetch_set(benchmark, root)
    verify_set(benchmark, root)
    write_text(Path(snakemake.output[0]), f"{benchmark.images} images\n")

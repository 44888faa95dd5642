"""Gather every network's rows and compute the study's statistics."""

from pathlib import Path

from dasr.config import from_dict
from dasr.config.claims import Claim
from dasr.statistics.jobs import gather, write_statistics
from dasr.statistics.registration import networks_before
from dasr.statistics.versions import write_versions
from dasr.study import Factorial
from dasr.study.scaling import Part
from job import job

with job(snakemake):
    files, params = snakemake.input, snakemake.params
    write_statistics(
        metrics=gather(files.metrics),
        clusters=gather(files.clusters),
        resampled=[Path(path) for path in files.resampled],
        runs=[
            (Path(own), Path(encoder) if encoder else None)
            for own, encoder in zip(files.runs, params.encoders, strict=True)
        ],
        references=params.references,
        trained=params.trained,
        ranked=params.ranked,
        claims=[from_dict(Claim, one, "claims") for one in params.claims],
        networks_before=networks_before(Path(files.claims[0])),
        designs=[from_dict(Factorial, design, "design") for design in params.designs],
        parts=[from_dict(Part, one, "parts") for one in params.parts],
        checkpoints=[Path(path) for path in files.checkpoints],
        part_records=[[Path(path) for path in own] for own in params.part_records],
        folder=Path(snakemake.output.summary).parent,
    )
    write_versions(Path(snakemake.output.versions))

"""Check every image set and write its digest: the sign that training may begin."""

from pathlib import Path

import yaml

from dasr.config import from_dict
from dasr.config.complaints import ImageDemands
from dasr.data import open_packed
from dasr.data.check import check_sets
from dasr.files import write_text
from job import job

with job(snakemake):
    files, params = snakemake.input, snakemake.params
    train, test = (
        [open_packed(Path(pixels), Path(index)) for pixels, index in zip(*kind, strict=True)]
        for kind in (
            (files.train_pixels, files.train),
            (files.test_pixels, files.test),
        )
    )
    demands = from_dict(ImageDemands, params.demands, "demands")
    record = check_sets(train, test, demands, params.folders, Path(params.data_root))
    write_text(Path(snakemake.output[0]), yaml.safe_dump(record))

"""Check every image set and write its digest: the sign that training may begin."""

from pathlib import Path

import yaml

from dasr.config import from_dict
from dasr.config.complaints import ImageDemands
from dasr.data import open_packed
from dasr.data.check import check_sets
from dasr.files import write_text
from dasr.study.images import KINDS
from job import job

with job(snakemake):
    files, params = snakemake.input, snakemake.params
    sets = {
        kind: [
            open_packed(Path(pixels), Path(index))
            for pixels, index in zip(files[f"{kind}_pixels"], files[kind], strict=True)
        ]
        for kind in KINDS
    }
    demands = from_dict(ImageDemands, params.demands, "demands")
    record = check_sets(sets, demands, params.folders, Path(params.data_root))
    write_text(Path(snakemake.output[0]), yaml.safe_dump(record))

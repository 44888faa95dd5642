"""Read or generate one image set and pack it."""

from pathlib import Path

from dasr.config import ImageSetConfig, from_dict
from dasr.data import pack, read_set
from job import job

with job(snakemake):
    image_set = from_dict(ImageSetConfig, snakemake.params.image_set, "image set")
    images = read_set(image_set, Path(snakemake.params.data_root))
    pack(
        image_set.name,
        images,
        Path(snakemake.output.pixels),
        Path(snakemake.output.index),
    )

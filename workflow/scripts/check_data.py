"""Write the digest of every image set: the sign that all of them could be read."""

from pathlib import Path

import yaml

from dasr.data.digests import index_digest, read_index
from dasr.files import write_text
from job import job

with job(snakemake):
    digests = {
        kind: {Path(path).stem: index_digest(read_index(Path(path))) for path in paths}
        for kind, paths in (
            ("train", snakemake.input.train),
            ("test", snakemake.input.test),
        )
    }
    write_text(Path(snakemake.output[0]), yaml.safe_dump(digests))

"""Score one network's representations of one test set, and project them."""

from pathlib import Path

from dasr.config import ClusteringConfig, from_dict
from dasr.embedding.jobs import score_network
from job import job

with job(snakemake):
    score_network(
        Path(snakemake.input.embedding),
        from_dict(ClusteringConfig, snakemake.params.clustering, "clustering"),
        clusters_file=Path(snakemake.output.clusters),
        resampled_file=Path(snakemake.output.resampled),
        tsne_file=Path(snakemake.output.tsne),
    )

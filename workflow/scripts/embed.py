"""Extract one network's representations, cluster them, project them."""

from pathlib import Path

from dasr.config import DegradationConfig, EmbeddingConfig, from_dict
from dasr.devices import use_device
from dasr.embedding.jobs import embed_network
from job import gpu_asked, job

with job(snakemake):
    wildcards = snakemake.wildcards
    embed_network(
        Path(snakemake.input.network),
        Path(snakemake.input.pixels),
        Path(snakemake.input.index),
        from_dict(EmbeddingConfig, snakemake.params.embedding, "embedding"),
        from_dict(DegradationConfig, snakemake.params.trained_on, "regime"),
        keys={
            "study": wildcards.study,
            "method": wildcards.get("variant", wildcards.get("imported")),
            "regime": wildcards.regime,
            "scale": int(wildcards.scale),
            "seed": int(wildcards.get("seed", 0)),
        },
        device=use_device(snakemake.threads, gpu=gpu_asked(snakemake)),
        embedding_file=Path(snakemake.output.embedding),
        clusters_file=Path(snakemake.output.clusters),
    )

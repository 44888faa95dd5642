from dasr.config.embedded import clustering, representations
from dasr.config.tested import evaluation
from dasr.study.comparisons import ranked_groups, references
from dasr.study.records import part_record_files, statistics_inputs
from dasr.study.representations import untrained_images, untrained_stage
from dasr.study.scaling import parts_of
from dasr.terms.columns import UNTRAINED

PARTS = parts_of(PLAN)


# A network with a learned representation: its PSNR and SSIM, example crops, representations.
rule evaluate:
    input:
        network="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/metrics/{testset}.csv",
        examples="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/examples/{testset}.npz",
        embedding="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}.npz",
    log:
        "results/{study}/logs/evaluate/{method}-{regime}-x{scale}-seed{seed}-{testset}.log",
    wildcard_constraints:
        method=any_of(method.name for method in PLAN.methods if method.is_represented),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
        gpu=0,
    params:
        evaluation=lambda wildcards: to_dict(
            evaluation(
                STUDY.config, PLAN.regime(wildcards.regime), int(wildcards.scale)
            )
        ),
        representations=lambda wildcards: to_dict(
            representations(
                STUDY.config.embedding, PLAN.regime(wildcards.regime).train
            )
        ),
        source=lambda wildcards: source_of(
            "evaluate.py", *PLAN.architectures(wildcards.method)
        ),
    message:
        "Test {wildcards.method}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed} on {wildcards.testset}"
    script:
        "../scripts/evaluate.py"


# A network without one: nothing to embed.
use rule evaluate as evaluate_only with:
    output:
        metrics="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/metrics/{testset}.csv",
        examples="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/examples/{testset}.npz",
    wildcard_constraints:
        method=any_of(
            m.name for m in PLAN.methods if m.is_network and not m.is_represented
        ),


use rule evaluate_only as evaluate_bicubic with:
    input:
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    wildcard_constraints:
        method=any_of(m.name for m in PLAN.methods if not m.is_network),


# The networks of all checkpoints of a training, on all sets: another job for each of them
# would import torch as often.
rule evaluate_checkpoints:
    input:
        networks=[
            f"results/{{study}}/runs/{{method}}/{{regime}}/x{{scale}}/seed{{seed}}/checkpoints/step{step}.safetensors"
            for step in STUDY.config.checkpoints
        ],
        pixels=images.packed(PLAN, "test", "bin"),
        index=images.packed(PLAN, "test", "csv"),
    output:
        metrics="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/checkpoints/metrics.csv",
    log:
        "results/{study}/logs/evaluate_checkpoints/{method}-{regime}-x{scale}-seed{seed}.log",
    wildcard_constraints:
        method=any_of(method.name for method in PLAN.trained),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
        gpu=0,
    params:
        evaluation=lambda wildcards: to_dict(
            evaluation(
                STUDY.config, PLAN.regime(wildcards.regime), int(wildcards.scale)
            )
        ),
        checkpoints=STUDY.config.checkpoints,
        source=lambda wildcards: source_of(
            "evaluate_checkpoints.py", *PLAN.architectures(wildcards.method)
        ),
    message:
        "Test checkpoints of {wildcards.method}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/evaluate_checkpoints.py"


# The encoder before any training: representations alone.
rule represent_untrained:
    input:
        train_pixels=lambda wildcards: untrained_images(
            PLAN, PLAN.run(*keys_of(wildcards)), "bin"
        ),
        train_index=lambda wildcards: untrained_images(
            PLAN, PLAN.run(*keys_of(wildcards)), "csv"
        ),
        checked=ancient("results/{study}/data/digests.yaml"),
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        embedding="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}.npz",
    log:
        "results/{study}/logs/represent_untrained/{method}-{regime}-x{scale}-seed{seed}-{testset}.log",
    wildcard_constraints:
        method=UNTRAINED,
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
        gpu=0,
    params:
        stage=lambda wildcards: to_dict(
            untrained_stage(PLAN, PLAN.run(*keys_of(wildcards)))
        ),
        representations=lambda wildcards: to_dict(
            representations(
                STUDY.config.embedding, PLAN.regime(wildcards.regime).train
            )
        ),
        source=source_of("represent_untrained.py"),
    message:
        "Represent {wildcards.testset} by an untrained encoder, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/represent_untrained.py"


rule cluster:
    input:
        embedding="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}.npz",
    output:
        clusters="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}_clusters.csv",
        resampled="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}_resampled.npz",
        tsne="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/embedding/{testset}_tsne.npz",
    log:
        "results/{study}/logs/cluster/{method}-{regime}-x{scale}-seed{seed}-{testset}.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        clustering=to_dict(clustering(STUDY.config.embedding)),
        source=source_of("cluster.py"),
    message:
        "Cluster representations of {wildcards.method}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/cluster.py"


rule summarise:
    input:
        **statistics_inputs(PLAN),
    output:
        metrics="results/{study}/metrics.csv",
        summary="results/{study}/summary.csv",
        margins="results/{study}/margins.csv",
        paired="results/{study}/paired.csv",
        claims="results/{study}/claims.csv",
        factorial="results/{study}/factorial.csv",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
        encoder_stages="results/{study}/encoder_stages.csv",
        versions="results/{study}/versions.yaml",
        scaling=["results/{study}/scaling.csv"] if PARTS else [],
    log:
        "results/{study}/logs/summarise.log",
    conda:
        "../../environment.yml"
    params:
        references=references(PLAN),
        trained=[method.name for method in PLAN.trained],
        ranked=ranked_groups(PLAN),
        claims=[to_dict(claim) for claim in STUDY.claims],
        encoders=PLAN.encoder_record_files(),
        part_records=part_record_files(PLAN),
        designs=[to_dict(design) for design in PLAN.factorials],
        parts=[to_dict(part) for part in PARTS],
        source=source_of("summarise.py"),
    message:
        "Statistics over seeds and images"
    script:
        "../scripts/summarise.py"

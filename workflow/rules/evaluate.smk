rule evaluate:
    input:
        network="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/metrics/{testset}.csv",
        examples="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/examples/{testset}.npz",
    log:
        "results/{study}/logs/evaluate/{variant}-{regime}-x{scale}-seed{seed}-{testset}.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
        gpu=0,
    params:
        test=test_settings,
        source=lambda wildcards: source_of("evaluate.py", *architectures_of(wildcards)),
    message:
        "Test {wildcards.variant}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed} on {wildcards.testset}"
    script:
        "../scripts/evaluate.py"


use rule evaluate as evaluate_bicubic with:
    input:
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/bicubic/{regime}/x{scale}/metrics/{testset}.csv",
        examples="results/{study}/bicubic/{regime}/x{scale}/examples/{testset}.npz",
    log:
        "results/{study}/logs/evaluate/bicubic-{regime}-x{scale}-{testset}.log",
    message:
        "Test bicubic enlargement, {wildcards.regime}, x{wildcards.scale} on {wildcards.testset}"


rule embed:
    input:
        network="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        embedding="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/embedding/{testset}.npz",
        clusters="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/embedding/{testset}_clusters.csv",
    log:
        "results/{study}/logs/embed/{variant}-{regime}-x{scale}-seed{seed}-{testset}.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=120,
        gpu=0,
    params:
        embedding=to_dict(STUDY.config.embedding),
        trained_on=lambda wildcards: to_dict(REGIMES[wildcards.regime].train),
        source=lambda wildcards: source_of("embed.py", *architectures_of(wildcards)),
    message:
        "Cluster representations of {wildcards.variant}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/embed.py"

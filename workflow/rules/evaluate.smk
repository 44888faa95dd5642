rule test:
    input:
        network="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/metrics/{testset}.csv",
        examples="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/examples/{testset}.npz",
        embedding="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/embedding/{testset}.npz",
    log:
        "results/{study}/logs/test/{variant}-{regime}-x{scale}-seed{seed}-{testset}.log",
    wildcard_constraints:
        variant=one_of(name for name in VARIANTS if name not in ORACLES),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
        gpu=0,
    params:
        evaluation=evaluation_config,
        representations=representation_config,
        source=source_of("test.py"),
    message:
        "Test {wildcards.variant}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed} on {wildcards.testset}"
    script:
        "../scripts/test.py"


use rule test as test_oracle with:
    output:
        metrics="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/metrics/{testset}.csv",
        examples="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/examples/{testset}.npz",
    wildcard_constraints:
        variant=one_of(ORACLES),


use rule test as test_bicubic with:
    input:
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/bicubic/{regime}/x{scale}/metrics/{testset}.csv",
        examples="results/{study}/bicubic/{regime}/x{scale}/examples/{testset}.npz",
    log:
        "results/{study}/logs/test/bicubic-{regime}-x{scale}-{testset}.log",
    message:
        "Test bicubic enlargement, {wildcards.regime}, x{wildcards.scale} on {wildcards.testset}"


rule cluster:
    input:
        embedding="results/{study}/{network}/embedding/{testset}.npz",
    output:
        clusters="results/{study}/{network}/embedding/{testset}_clusters.csv",
        tsne="results/{study}/{network}/embedding/{testset}_tsne.npz",
    log:
        "results/{study}/logs/cluster/{network}-{testset}.log",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        clustering=to_dict(clustering(STUDY.config.embedding)),
        source=source_of("cluster.py"),
    message:
        "Cluster representations of {wildcards.network} on {wildcards.testset}"
    script:
        "../scripts/cluster.py"

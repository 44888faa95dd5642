# Variants that agree in everything about the encoder share its stage (dasr/config).
rule train_encoder:
    input:
        pixels=train_sets("bin"),
        index=train_sets("csv"),
        checked=ancient("results/{study}/data/digests.yaml"),
    output:
        state="results/{study}/encoders/{encoder}/state.safetensors",
        history="results/{study}/encoders/{encoder}/history.csv",
    log:
        "results/{study}/logs/train_encoder/{encoder}.log",
    priority: 10
    conda:
        "../../environment.yml"
    threads: 2
    resources:
        mem_mb=4000,
        runtime=2880,
        gpu=0,
    params:
        encoder=lambda wildcards: to_dict(ENCODERS[wildcards.encoder]),
        source=source_of("train_encoder.py"),
        folder="results/{study}/stages/encoder-{encoder}",
    message:
        "Encoder stage {wildcards.encoder}"
    script:
        "../scripts/train_encoder.py"


rule train:
    input:
        pixels=train_sets("bin"),
        index=train_sets("csv"),
        checked=ancient("results/{study}/data/digests.yaml"),
        encoder=encoder_state,
    output:
        network="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/model.safetensors",
        history="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/history.csv",
        run="results/{study}/runs/{variant}/{regime}/x{scale}/seed{seed}/run.yaml",
    log:
        "results/{study}/logs/train/{variant}-{regime}-x{scale}-seed{seed}.log",
    conda:
        "../../environment.yml"
    threads: 2
    resources:
        mem_mb=4000,
        runtime=2880,
        gpu=0,
    params:
        run=run_config,
        encoder_source=source_of("train_encoder.py"),
        source=lambda wildcards: source_of("train.py", *architectures_of(wildcards)),
        folder="results/{study}/stages/{variant}-{regime}-x{scale}-seed{seed}",
    message:
        "Train {wildcards.variant}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/train.py"

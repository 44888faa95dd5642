from dasr.study import parts

TRAINING_THREADS = PLAN.training_threads(workflow.cores)


# Variants that agree in everything about the encoder share its stage (dasr/config).
rule train_encoder:
    input:
        pixels=images.packed_of_stage(PLAN, "encoder", "bin"),
        index=images.packed_of_stage(PLAN, "encoder", "csv"),
        validation_pixels=images.packed(PLAN, "validation", "bin"),
        validation_index=images.packed(PLAN, "validation", "csv"),
        checked=ancient("results/{study}/data/digests.yaml"),
    output:
        state="results/{study}/encoders/{encoder}/state.safetensors",
        history="results/{study}/encoders/{encoder}/history.csv",
        run="results/{study}/encoders/{encoder}/run.yaml",
    log:
        "results/{study}/logs/train_encoder/{encoder}.log",
    priority: 10
    conda:
        "../../environment.yml"
    threads: TRAINING_THREADS
    resources:
        mem_mb=4000,
        runtime=2880,
        gpu=0,
    params:
        encoder=lambda wildcards: to_dict(STUDY.encoders()[wildcards.encoder]),
        source=source_of("train_encoder.py"),
        folder="results/{study}/stages/encoder-{encoder}",
    message:
        "Encoder stage {wildcards.encoder}"
    script:
        "../scripts/train_encoder.py"


# Networks that agree in everything about a part, such as a denoiser, share its stage.
rule train_part:
    input:
        pixels=images.packed_of_stage(PLAN, "joint", "bin"),
        index=images.packed_of_stage(PLAN, "joint", "csv"),
        checked=ancient("results/{study}/data/digests.yaml"),
    output:
        state="results/{study}/parts/{part}/state.safetensors",
        history="results/{study}/parts/{part}/history.csv",
        run="results/{study}/parts/{part}/run.yaml",
    log:
        "results/{study}/logs/train_part/{part}.log",
    priority: 10
    conda:
        "../../environment.yml"
    threads: TRAINING_THREADS
    resources:
        mem_mb=4000,
        runtime=2880,
        gpu=0,
    params:
        stage=lambda wildcards: to_dict(PARTS_TRAINED[wildcards.part]),
        source=lambda wildcards: source_of_part(PARTS_TRAINED[wildcards.part]),
        folder="results/{study}/stages/part-{part}",
    message:
        "Stage {wildcards.part} of a part"
    script:
        "../scripts/train_part.py"


rule train:
    input:
        pixels=images.packed_of_stage(PLAN, "joint", "bin"),
        index=images.packed_of_stage(PLAN, "joint", "csv"),
        encoder_pixels=images.packed_of_stage(PLAN, "encoder", "bin"),
        encoder_index=images.packed_of_stage(PLAN, "encoder", "csv"),
        checked=ancient("results/{study}/data/digests.yaml"),
        encoder=lambda wildcards: PLAN.encoder_states(PLAN.run(*keys_of(wildcards))),
        parts=lambda wildcards: parts.part_states(PLAN, PLAN.run(*keys_of(wildcards))),
    output:
        network="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/model.safetensors",
        history="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/history.csv",
        run="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/run.yaml",
        checkpoints=[
            f"results/{{study}}/runs/{{method}}/{{regime}}/x{{scale}}/seed{{seed}}/checkpoints/step{step}.safetensors"
            for step in STUDY.config.checkpoints
        ],
    log:
        "results/{study}/logs/train/{method}-{regime}-x{scale}-seed{seed}.log",
    wildcard_constraints:
        method=any_of(method.name for method in PLAN.trained),
    conda:
        "../../environment.yml"
    threads: TRAINING_THREADS
    resources:
        mem_mb=4000,
        runtime=2880,
        gpu=0,
    params:
        run=lambda wildcards: to_dict(STUDY.run(*keys_of(wildcards))),
        checkpoints=STUDY.config.checkpoints,
        encoder_source=source_of("train_encoder.py"),
        part_sources=lambda wildcards: {
            name: source_of_part(stage)
            for name, stage in STUDY.run(*keys_of(wildcards)).part_stages().items()
        },
        source=lambda wildcards: source_of(
            "train.py", *PLAN.architectures(wildcards.method)
        ),
        folder="results/{study}/stages/{method}-{regime}-x{scale}-seed{seed}",
    message:
        "Train {wildcards.method}, {wildcards.regime}, x{wildcards.scale}, seed {wildcards.seed}"
    script:
        "../scripts/train.py"


rule import_network:
    input:
        lambda wildcards: PLAN.imported_file(wildcards.method, int(wildcards.scale)),
    output:
        network="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/model.safetensors",
        run="results/{study}/runs/{method}/{regime}/x{scale}/seed{seed}/run.yaml",
    log:
        "results/{study}/logs/import_network/{method}-{regime}-x{scale}-seed{seed}.log",
    wildcard_constraints:
        method=any_of(m.name for m in PLAN.methods if m.kind == "imported"),
    conda:
        "../../environment.yml"
    params:
        source=lambda wildcards: source_of(
            "import_network.py", *PLAN.architectures(wildcards.method)
        ),
    message:
        "Import {wildcards.method}, x{wildcards.scale}"
    script:
        "../scripts/import_network.py"

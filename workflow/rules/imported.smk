rule import_network:
    input:
        lambda wildcards: IMPORTED[wildcards.imported].files[int(wildcards.scale)],
    output:
        network="results/{study}/imported/{imported}/{regime}/x{scale}/model.safetensors",
        run="results/{study}/imported/{imported}/{regime}/x{scale}/run.yaml",
    log:
        "results/{study}/logs/import_network/{imported}-{regime}-x{scale}.log",
    conda:
        "../../environment.yml"
    params:
        source=lambda wildcards: source_of(
            "import_network.py", *architectures_of(wildcards)
        ),
    message:
        "Import {wildcards.imported}, x{wildcards.scale}"
    script:
        "../scripts/import_network.py"


use rule evaluate as evaluate_imported with:
    input:
        network="results/{study}/imported/{imported}/{regime}/x{scale}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        metrics="results/{study}/imported/{imported}/{regime}/x{scale}/metrics/{testset}.csv",
        examples="results/{study}/imported/{imported}/{regime}/x{scale}/examples/{testset}.npz",
    log:
        "results/{study}/logs/evaluate/{imported}-{regime}-x{scale}-{testset}.log",
    message:
        "Test {wildcards.imported}, {wildcards.regime}, x{wildcards.scale} on {wildcards.testset}"


use rule embed as embed_imported with:
    input:
        network="results/{study}/imported/{imported}/{regime}/x{scale}/model.safetensors",
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    output:
        embedding="results/{study}/imported/{imported}/{regime}/x{scale}/embedding/{testset}.npz",
        clusters="results/{study}/imported/{imported}/{regime}/x{scale}/embedding/{testset}_clusters.csv",
    log:
        "results/{study}/logs/embed/{imported}-{regime}-x{scale}-{testset}.log",
    message:
        "Cluster representations of {wildcards.imported}, {wildcards.regime}, x{wildcards.scale}"

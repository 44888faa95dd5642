from dasr.config.complaints import demands_of
from dasr.study import images


rule pack_train_set:
    input:
        lambda wildcards: image_files(
            images.image_set(PLAN, "train", wildcards.trainset), images.data_root(PLAN)
        ),
    output:
        pixels="results/{study}/data/train/{trainset}.bin",
        index="results/{study}/data/train/{trainset}.csv",
    log:
        "results/{study}/logs/pack_train_set/{trainset}.log",
    priority: 100
    conda:
        "../../environment.yml"
    params:
        image_set=lambda wildcards: to_dict(
            images.image_set(PLAN, "train", wildcards.trainset)
        ),
        data_root=lambda wildcards: images.root_of_set(
            PLAN, "train", wildcards.trainset
        ),
        source=source_of("pack_images.py"),
    message:
        "Training images: {wildcards.trainset}"
    script:
        "../scripts/pack_images.py"


use rule pack_train_set as pack_test_set with:
    input:
        lambda wildcards: image_files(
            images.image_set(PLAN, "test", wildcards.testset), images.data_root(PLAN)
        ),
    output:
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    log:
        "results/{study}/logs/pack_test_set/{testset}.log",
    params:
        image_set=lambda wildcards: to_dict(
            images.image_set(PLAN, "test", wildcards.testset)
        ),
        data_root=lambda wildcards: images.root_of_set(PLAN, "test", wildcards.testset),
        source=source_of("pack_images.py"),
    message:
        "Test images: {wildcards.testset}"


use rule pack_train_set as pack_validation_set with:
    input:
        lambda wildcards: image_files(
            images.image_set(PLAN, "validation", wildcards.validationset),
            images.data_root(PLAN),
        ),
    output:
        pixels="results/{study}/data/validation/{validationset}.bin",
        index="results/{study}/data/validation/{validationset}.csv",
    log:
        "results/{study}/logs/pack_validation_set/{validationset}.log",
    params:
        image_set=lambda wildcards: to_dict(
            images.image_set(PLAN, "validation", wildcards.validationset)
        ),
        data_root=lambda wildcards: images.root_of_set(
            PLAN, "validation", wildcards.validationset
        ),
        source=source_of("pack_images.py"),
    message:
        "Validation images: {wildcards.validationset}"


# Claims count from the first start with them: before the training, or after it.
rule register_claims:
    output:
        "results/{study}/data/claims.yaml",
    log:
        "results/{study}/logs/register_claims.log",
    priority: 100
    conda:
        "../../environment.yml"
    params:
        claims=[to_dict(claim) for claim in STUDY.claims],
        results=PLAN.results,
        source=source_of("register_claims.py"),
    message:
        "Claims of the study"
    script:
        "../scripts/register_claims.py"


# A checkpoint, though its output changes no rule: Snakemake does not look at jobs behind an
# ancient input while what makes that input waits to run, and would pass over an edited
# variant. After a checkpoint it looks again.
#
# Nothing is trained before every image of every set has been read and found large enough
# for all that follows, no test image has been found in a training set, and every imported
# network has been read. Claims are made before, too.
checkpoint check_data:
    input:
        train=images.packed(PLAN, "train", "csv"),
        train_pixels=images.packed(PLAN, "train", "bin"),
        validation=images.packed(PLAN, "validation", "csv"),
        validation_pixels=images.packed(PLAN, "validation", "bin"),
        test=images.packed(PLAN, "test", "csv"),
        test_pixels=images.packed(PLAN, "test", "bin"),
        imported=[PLAN.record_file(run) for run in PLAN.runs("imported")],
        claims="results/{study}/data/claims.yaml",
    output:
        "results/{study}/data/digests.yaml",
    log:
        "results/{study}/logs/check_data.log",
    priority: 100
    conda:
        "../../environment.yml"
    params:
        folders=images.folders_of_sets(PLAN),
        data_root=str(images.data_root(PLAN)),
        demands=to_dict(demands_of(STUDY)),
        source=source_of("check_data.py"),
    message:
        "Image sets: sizes, detail, digests, test images in training sets"
    script:
        "../scripts/check_data.py"

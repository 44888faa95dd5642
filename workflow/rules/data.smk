rule pack_train_set:
    input:
        lambda wildcards: image_files(TRAIN_SETS[wildcards.trainset], DATA_ROOT),
    output:
        pixels="results/{study}/data/train/{trainset}.bin",
        index="results/{study}/data/train/{trainset}.csv",
    log:
        "results/{study}/logs/pack_train_set/{trainset}.log",
    priority: 100
    conda:
        "../../environment.yml"
    params:
        image_set=lambda wildcards: to_dict(TRAIN_SETS[wildcards.trainset]),
        data_root=lambda wildcards: folder_root(TRAIN_SETS[wildcards.trainset]),
        source=source_of("pack_images.py"),
    message:
        "Training images: {wildcards.trainset}"
    script:
        "../scripts/pack_images.py"


use rule pack_train_set as pack_test_set with:
    input:
        lambda wildcards: image_files(TEST_SETS[wildcards.testset], DATA_ROOT),
    output:
        pixels="results/{study}/data/test/{testset}.bin",
        index="results/{study}/data/test/{testset}.csv",
    log:
        "results/{study}/logs/pack_test_set/{testset}.log",
    params:
        image_set=lambda wildcards: to_dict(TEST_SETS[wildcards.testset]),
        data_root=lambda wildcards: folder_root(TEST_SETS[wildcards.testset]),
        source=source_of("pack_images.py"),
    message:
        "Test images: {wildcards.testset}"


# A checkpoint, though its output changes no rule: Snakemake does not look at jobs behind an
# ancient input while what makes that input waits to run, and would pass over an edited
# variant. After a checkpoint it looks again.
#
# Nothing is trained before every image of every set has been read and found large enough
# for all that follows, no test image has been found in a training set, and every imported
# network has been read.
checkpoint check_data:
    input:
        train=train_sets("csv"),
        train_pixels=train_sets("bin"),
        test=expand("results/{{study}}/data/test/{testset}.csv", testset=TEST_SETS),
        test_pixels=expand(
            "results/{{study}}/data/test/{testset}.bin", testset=TEST_SETS
        ),
        imported=imported("run.yaml"),
    output:
        "results/{study}/data/digests.yaml",
    log:
        "results/{study}/logs/check_data.log",
    priority: 100
    conda:
        "../../environment.yml"
    params:
        folders={
            kind: {item.name: item.folder for item in sets.values() if item.folder}
            for kind, sets in (("train", TRAIN_SETS), ("test", TEST_SETS))
        },
        data_root=str(DATA_ROOT),
        demands=to_dict(demands_of(STUDY)),
        source=source_of("check_data.py"),
    message:
        "Image sets: sizes, detail, digests, test images in training sets"
    script:
        "../scripts/check_data.py"

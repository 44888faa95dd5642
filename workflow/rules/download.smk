# The image sets of the field: snakemake --cores 1 data, or one set's marker by its path.
# No study asks for them: a study whose sets are absent stops before anything is planned.
from dasr.config.benchmarks import benchmark_sets

DOWNLOADS = {
    str(Path(item.folder).parent): item.name
    for item in benchmark_sets().values()
    if not item.request
}


rule data:
    input:
        expand("{root}/{set}/.complete", root=STUDY.config.data_root, set=DOWNLOADS),


rule download_set:
    output:
        "{root}/{set}/.complete",
    log:
        "{root}/.downloads/{set}.log",
    wildcard_constraints:
        root=re.escape(STUDY.config.data_root),
        set="|".join(map(re.escape, DOWNLOADS)),
    conda:
        "../../environment.yml"
    params:
        name=lambda wildcards: DOWNLOADS[wildcards.set],
    message:
        "Image set: {wildcards.set}"
    script:
        "../scripts/download_set.py"

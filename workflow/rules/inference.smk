from dasr.study import inference


# What enlarging an image takes, of all methods in one job: numbers of one machine at one time.
# It computes with one thread, and has all cores, so that nothing else of the study runs then.
rule measure_inference:
    input:
        inference.measured_networks(PLAN),
    output:
        "results/{study}/inference.csv",
    log:
        "results/{study}/logs/measure_inference.log",
    conda:
        "../../environment.yml"
    threads: 1000  # all that there are
    resources:
        mem_mb=8000,
        runtime=120,
        gpu=0,
    params:
        methods=inference.measured_methods(PLAN),
        source=source_of(
            "measure_inference.py", *inference.measured_architectures(PLAN)
        ),
    message:
        "Time and memory of every method"
    script:
        "../scripts/measure_inference.py"

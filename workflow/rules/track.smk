# update(): a database with other studies in it is never deleted before a re-run.
rule create_store:
    output:
        update(STORE),
    log:
        f"results/{STUDY.config.study}/logs/create_store.log",
    conda:
        "../../environment.yml"
    params:
        uri=TRACKING_URI,
    message:
        "MLflow: store and experiment"
    script:
        "../scripts/create_store.py"


rule publish:
    input:
        store=ancient(STORE),
        digests="results/{study}/data/digests.yaml",
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        tables=tables(),
        figures=figures(),
        runs=[
            path
            for files in published_runs()
            for value in files.values()
            for path in ([value] if isinstance(value, str) else value or [])
        ],
    output:
        "results/{study}/tracking/receipt.json",
    log:
        "results/{study}/logs/publish.log",
    conda:
        "../../environment.yml"
    params:
        uri=TRACKING_URI,
        study=to_dict(STUDY.config),
        runs=published_runs(),
        source=source_of("publish.py", "dasr.tracking.served"),
    message:
        "MLflow: publish the study"
    script:
        "../scripts/publish.py"

from importlib.metadata import version


# The store itself is no rule's output: it holds other studies, and --delete-all-output
# deletes outputs. Its id is a parameter: another store, or none, is published to again.
# It comes first, and alone on all cores: a store that cannot be used stops a study before
# it trains. (As an ancient input of the trainings it would hide from Snakemake what else
# about them has changed.)
rule create_store:
    output:
        f"results/{STUDY.config.study}/tracking/store.json",
    log:
        f"results/{STUDY.config.study}/logs/create_store.log",
    priority: 1000
    conda:
        "../../environment.yml"
    threads: 1000  # all that there are
    params:
        uri=TRACKING_URI,
        store=STORE_ID,
        mlflow=version("mlflow"),  # its tables change with it
    message:
        "MLflow: store and experiment"
    script:
        "../scripts/create_store.py"


rule publish:
    input:
        store=f"results/{STUDY.config.study}/tracking/store.json",
        digests="results/{study}/data/digests.yaml",
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        tables=outputs.table_files(PLAN),
        figures=outputs.figure_files(PLAN),
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
        store=STORE_ID,
        study=to_dict(STUDY.config),
        runs=published_runs(),
        source=source_of("publish.py", "dasr.tracking.served"),
    message:
        "MLflow: publish the study"
    script:
        "../scripts/publish.py"

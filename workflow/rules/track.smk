from importlib.metadata import version

from dasr.config.store_file import store_to_publish_to
from dasr.study.published import published_files

with one_line():
    # a job on another machine only needs to know the rules
    TRACKING_URI, STORE_ID = store_to_publish_to(look=workflow.is_main_process)


# The store itself is no rule's output: it holds other studies, and --delete-all-output
# deletes outputs. Its id is a parameter: another store, or none, is published to again.
# It comes first, and alone on all cores: a store that cannot be used stops a study before
# it trains. (As an ancient input of the trainings it would hide from Snakemake what else
# about them has changed.)
rule create_store:
    output:
        f"{PLAN.results}/tracking/store.json",
    log:
        f"{PLAN.results}/logs/create_store.log",
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
        published_files(PLAN),
        store=f"{PLAN.results}/tracking/store.json",
        digests="results/{study}/data/digests.yaml",
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        claims="results/{study}/claims.csv",
        claims_made="results/{study}/data/claims.yaml",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
        inference=inference.inference_files(PLAN),
        encoder_stages="results/{study}/encoder_stages.csv",
        tables=outputs.output_files(TABLES),
        figures=outputs.output_files(FIGURES),
    output:
        "results/{study}/tracking/receipt.json",
    log:
        "results/{study}/logs/publish.log",
    conda:
        "../../environment.yml"
    params:
        uri=TRACKING_URI,
        store=STORE_ID,
        study=lambda wildcards: study_text(STUDY),
        source=source_of("publish.py", "dasr.tracking.served"),
    message:
        "MLflow: publish the study"
    script:
        "../scripts/publish.py"

TRACKING_URI = os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"
# With the default store the database itself is the output: deleted, it is rebuilt.
STORE = (
    "mlflow.db"
    if TRACKING_URI == "sqlite:///mlflow.db"
    else f"results/{STUDY.config.study}/tracking/store-{digest(TRACKING_URI)}.txt"
)


def published_runs():
    """Return the files of every network, as tracking reads them."""
    return [published_run(run) for run in STUDY.runs()]


def published_run(run):
    """Return the files of one network."""
    folder = f"results/{STUDY.config.study}/runs/{run.variant}/{run.regime}"
    folder = f"{folder}/x{run.scale}/seed{run.seed}"
    encoder = run.encoder()
    learned = run.method.model.representation == "learned"
    return {
        "run": f"{folder}/run.yaml",
        "history": f"{folder}/history.csv",
        "network": f"{folder}/model.safetensors",
        "encoder_history": encoder
        and f"results/{STUDY.config.study}/encoders/{digest(encoder)}/history.csv",
        "metrics": [f"{folder}/metrics/{name}.csv" for name in TEST_SETS],
        "clusters": [
            f"{folder}/embedding/{name}_clusters.csv" for name in TEST_SETS if learned
        ],
    }


# update(): a database with other studies in it is never deleted before a re-run.
rule create_store:
    output:
        update(STORE),
    log:
        f"results/{STUDY.config.study}/logs/create_store.log",
    params:
        uri=TRACKING_URI,
    conda:
        "../../environment.yml"
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
    params:
        uri=TRACKING_URI,
        study=to_dict(STUDY.config),
        runs=published_runs(),
        source=source_digest("tracking"),
    conda:
        "../../environment.yml"
    message:
        "MLflow: publish the study"
    script:
        "../scripts/publish.py"

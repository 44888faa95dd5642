"""What is reported and published, and which files each of it is made from."""

from dasr.config.store_address import check_uri, shown, tracking_uri
from dasr.config.store_file import planned_store


def store_to_publish_to():
    """Return the store's address without its secrets and its id, or stop with one line
    before anything is planned."""
    with one_line():
        uri = tracking_uri()
        check_uri(uri)
        # a job on another machine only needs to know the rules
        return shown(uri), planned_store(uri) if workflow.is_main_process else ""


TRACKING_URI, STORE_ID = store_to_publish_to()


def test_settings(wildcards):
    """Return what a test set is degraded by, and where examples are cut."""
    regime = REGIMES[wildcards.regime]
    return {
        "grid": to_dict(regime.test),
        "downsample": regime.train.downsample,
        "noise_seed": STUDY.config.test_noise_seed,
        "example": [
            STUDY.config.example_kernel_width,
            STUDY.config.example_noise_level,
        ],
    }


def published_runs():
    """Return the files of every network, as tracking reads them."""
    return [published_run(run) for run in STUDY.runs()] + [
        published_import(network.name, network.regime, scale)
        for network in IMPORTED.values()
        for scale in network.files
    ]


def published_import(name, regime, scale):
    """Return the files of an imported network, which has no history."""
    folder = f"results/{STUDY.config.study}/imported/{name}/{regime}/x{scale}"
    return {
        "run": f"{folder}/run.yaml",
        "history": None,
        "network": f"{folder}/model.safetensors",
        "encoder_history": None,
        "metrics": [f"{folder}/metrics/{testset}.csv" for testset in TEST_SETS],
        "clusters": [
            f"{folder}/embedding/{testset}_clusters.csv" for testset in TEST_SETS
        ],
    }


def published_run(run):
    """Return the files of one network."""
    folder = f"results/{STUDY.config.study}/runs/{run.method}/{run.regime}"
    folder = f"{folder}/x{run.scale}/seed{run.seed}"
    encoder = run.encoder()
    learned = run.settings.model.representation == "learned"
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

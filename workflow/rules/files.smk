"""What is reported and published, and which files each of it is made from."""

NETWORKS = bool(VARIANTS)
LEARNED = [
    variant.name
    for variant in STUDY.variants
    if variant.method.model.representation == "learned"
]
TABLES = [
    "psnr",
    "ssim",
    "grid",
    *(["paired"] if len(VARIANTS) > 1 else []),
    *(["clusters"] if LEARNED else []),
    *(["hypotheses"] if NETWORKS else []),
]
FIGURES = [
    "psnr_vs_width",
    "crops",
    *(["gain_heatmap", "curves"] if NETWORKS else []),
    *(["paired"] if len(VARIANTS) > 1 else []),
    *(["tsne"] if LEARNED else []),
]
TITLES = {BICUBIC: "Bicubic"} | {
    variant.name: variant.title for variant in STUDY.variants
}


wildcard_constraints:
    table="|".join(TABLES),
    figure="|".join(FIGURES),


TRACKING_URI = os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"
# With the default store the database itself is the output: deleted, it is rebuilt.
STORE = (
    "mlflow.db"
    if TRACKING_URI == "sqlite:///mlflow.db"
    else f"results/{STUDY.config.study}/tracking/store-{digest(TRACKING_URI)}.txt"
)


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


def tables():
    """Return the files of every table."""
    return reported("tables", TABLES, ["csv", "md", "tex"])


def figures():
    """Return the files of every figure."""
    return reported("figures", FIGURES, ["png", "pdf"])


def reported(folder, kinds, suffixes):
    """Return the files of some kinds for every regime, scale and test set."""
    return [
        f"reports/{STUDY.config.study}/{folder}/{kind}-{regime}-x{scale}-{testset}.{suffix}"
        for kind in kinds
        for regime, scale, testset in cells()
        for suffix in suffixes
    ]


def first_seed(wildcards, pattern, variants):
    """Return a pattern filled in for each variant's network of the study's first seed."""
    folder = "results/{w.study}/runs/{variant}/{w.regime}/x{w.scale}/seed{seed}/"
    seed = STUDY.config.seeds[0]
    return {
        variant: (folder + pattern).format(
            w=wildcards, variant=variant, seed=seed, testset=wildcards.testset
        )
        for variant in variants
    }


def drawn_from(wildcards):
    """Return the files that a figure is drawn from, by name."""
    results = f"results/{wildcards.study}"
    cell = f"{wildcards.regime}/x{wildcards.scale}"
    of_cell = [
        run
        for run in STUDY.runs()
        if run.regime == wildcards.regime and run.scale == int(wildcards.scale)
    ]
    encoders = sorted({digest(run.encoder()) for run in of_cell if run.encoder()})
    examples = first_seed(wildcards, "examples/{testset}.npz", VARIANTS)
    baseline = f"{results}/bicubic/{cell}/examples/{wildcards.testset}.npz"
    sources = {
        "psnr_vs_width": {"summary": f"{results}/summary.csv"},
        "gain_heatmap": {"summary": f"{results}/summary.csv"},
        "paired": {"paired": f"{results}/paired.csv"},
        "curves": {
            "runs": [
                f"{results}/runs/{run.variant}/{cell}/seed{run.seed}/history.csv"
                for run in of_cell
            ],
            "encoders": [f"{results}/encoders/{name}/history.csv" for name in encoders],
        },
        "tsne": {
            "embeddings": list(
                first_seed(wildcards, "embedding/{testset}.npz", LEARNED).values()
            ),
            "clusters": list(
                first_seed(
                    wildcards, "embedding/{testset}_clusters.csv", LEARNED
                ).values()
            ),
        },
        "crops": {"examples": [baseline, *examples.values()]},
    }
    return sources[wildcards.figure]


def figure_settings(wildcards):
    """Return what a figure says beside its data."""
    embedding, contrastive = STUDY.config.embedding, STUDY.config.contrastive
    settings = {
        "gain_heatmap": {"method": STUDY.config.reference},
        "curves": {
            "queue_size": contrastive.queue_size,
            "batch_size": STUDY.config.training.batch_size,
        },
        "tsne": {
            "methods": LEARNED,
            "perplexity": embedding.perplexity,
            "seed": embedding.seed,
            "network_seed": STUDY.config.seeds[0],
        },
        "crops": {
            "methods": [BICUBIC, *VARIANTS],
            "oracles": [name for name in VARIANTS if name not in LEARNED],
        },
    }
    return settings.get(wildcards.figure, {})


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

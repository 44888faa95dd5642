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
TITLES = {BICUBIC: "Bicubic"} | {variant.name: variant.title for variant in STUDY.variants}



wildcard_constraints:
    table="|".join(TABLES),
    figure="|".join(FIGURES),


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


rule summarise:
    input:
        metrics=runs("{run}/metrics/{testset}.csv") + baselines("metrics/{testset}.csv"),
        clusters=runs("{run}/embedding/{testset}_clusters.csv", learned_only=True),
        runs=runs("{run}/run.yaml"),
    output:
        metrics="results/{study}/metrics.csv",
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
    log:
        "results/{study}/logs/summarise.log",
    params:
        reference=STUDY.config.reference,
        source=source_digest("statistics"),
    conda:
        "../../environment.yml"
    message:
        "Statistics over seeds and images"
    script:
        "../scripts/summarise.py"


rule table:
    input:
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
    output:
        csv="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.csv",
        markdown="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.md",
        latex="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.tex",
        page=report(
            "reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.html",
            caption="../report/table.rst",
            category="Tables",
            subcategory="{testset}, x{scale}, {regime}",
            labels={"table": "{table}"},
        ),
    log:
        "results/{study}/logs/table/{table}-{regime}-x{scale}-{testset}.log",
    params:
        titles=TITLES,
        hypotheses={variant.name: variant.hypothesis for variant in STUDY.variants},
        oracles=[name for name in VARIANTS if name not in LEARNED],
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_digest("reporting/tables", "reporting/rows", "reporting/jobs"),
    conda:
        "../../environment.yml"
    message:
        "Table {wildcards.table}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/table.py"


rule figure:
    input:
        unpack(drawn_from),
    output:
        png=report(
            "reports/{study}/figures/{figure}-{regime}-x{scale}-{testset}.png",
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{testset}, x{scale}, {regime}",
            labels={"figure": "{figure}"},
        ),
        pdf="reports/{study}/figures/{figure}-{regime}-x{scale}-{testset}.pdf",
    log:
        "results/{study}/logs/figure/{figure}-{regime}-x{scale}-{testset}.log",
    params:
        titles=TITLES,
        settings=figure_settings,
        seeds=len(STUDY.config.seeds),
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_digest("reporting/figures", "reporting/rows", "reporting/jobs"),
    conda:
        "../../environment.yml"
    message:
        "Figure {wildcards.figure}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/figure.py"

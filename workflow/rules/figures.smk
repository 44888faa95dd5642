"""Which figures there are, what each is drawn from, and what it says beside its data."""

from dasr.reporting.kinds import FIGURES

EVERYWHERE = ["psnr_vs_width", "crops"]
WITH_TRAINING = ["gain_heatmap", "curves"]
WITH_ENCODERS = ["tsne", "distances"]
SWEEPS = sweep_figures(STUDY.config.sweeps)
MIN_NETWORKS = 3
"""Fewer networks make no scatter of clustering score against PSNR."""


def figure_kinds(regime, scale):
    """Return the figures of a regime and scale."""
    learned = learned_of(regime, scale)
    trained_on = REGIMES[regime].train
    kinds = list(EVERYWHERE)
    if VARIANTS:
        kinds += WITH_TRAINING
    if len(VARIANTS) > 1:
        kinds.append("paired")
    if learned:
        kinds += WITH_ENCODERS
    if (
        len([name for name in learned if name in VARIANTS]) * len(STUDY.config.seeds)
        >= MIN_NETWORKS
    ):
        kinds.append("score_vs_psnr")
    if {"no_contrastive", "dasr"} <= set(learned):
        kinds.append("fig3")
    anisotropic = trained_on.blur == "anisotropic" and STUDY.config.embedding.kernels
    if (
        STUDY.config.reference in learned
        and anisotropic
        and trained_on.noise_level[1] > 0
    ):
        kinds.append("fig6")
    return [*kinds, *SWEEPS]


wildcard_constraints:
    figure="|".join(map(re.escape, [*FIGURES, *SWEEPS])),


def figures():
    """Return the files of every figure."""
    return [
        reported("figures", kind, regime, scale, testset, suffix)
        for regime, scale, testset in cells()
        for kind in figure_kinds(regime, scale)
        for suffix in ("png", "pdf")
    ]


def drawn_methods(kind, regime, scale):
    """Return the methods of a figure: curves and pairs belong to networks trained here."""
    if kind in ("curves", "paired"):
        return VARIANTS
    if kind in SWEEPS:
        sweep = SWEEPS[kind]
        names = [sweep.method_name(value) for value in sweep.values]
        return [name for name in VARIANTS if name in {sweep.variant, *names}]
    if kind == "fig3":
        return ["no_contrastive", "dasr"]
    if kind == "fig6":
        return [STUDY.config.reference]
    if kind in ("tsne", "distances", "score_vs_psnr"):
        return learned_of(regime, scale)
    return [BICUBIC, *networks_of(regime, scale)]


def drawn_from(wildcards):
    """Return the files that a figure is drawn from, by name."""
    kind, regime, scale = wildcards.figure, wildcards.regime, int(wildcards.scale)
    results = f"results/{wildcards.study}"
    methods = drawn_methods(kind, regime, scale)

    def first(pattern):
        file = pattern.format(testset=wildcards.testset)
        return [f"{folder_of(name, regime, scale)}/{file}" for name in methods]

    def all_seeds(pattern):
        file = pattern.format(testset=wildcards.testset)
        return [
            f"{folder_of(name, regime, scale, seed)}/{file}"
            for name, seed in with_seeds(methods)
        ]

    def scores_of_learned():
        file = f"embedding/{wildcards.testset}_clusters.csv"
        return [
            f"{folder_of(name, regime, scale, seed)}/{file}"
            for name, seed in with_seeds(methods)
            if name not in ORACLES
        ]

    summary = {"summary": f"{results}/summary.csv"}
    scores = {
        "metrics": f"{results}/metrics.csv",
        "clusters": scores_of_learned,
    }
    projections = {
        "embeddings": lambda: first("embedding/{testset}.npz"),
        "clusters": lambda: first("embedding/{testset}_clusters.csv"),
    }
    sources = {
        "psnr_vs_width": summary,
        "gain_heatmap": summary,
        "paired": {"paired": f"{results}/paired.csv"},
        "curves": {
            "runs": lambda: all_seeds("history.csv"),
            "encoders": lambda: encoder_histories(regime, scale),
        },
        "tsne": projections,
        "fig3": projections,
        "fig6": projections,
        "distances": {"embeddings": lambda: all_seeds("embedding/{testset}.npz")},
        "score_vs_psnr": scores,
        "crops": {"examples": lambda: first("examples/{testset}.npz")},
    }
    chosen = scores if kind in SWEEPS else sources[kind]
    return {name: file() if callable(file) else file for name, file in chosen.items()}


def with_seeds(methods):
    """Return each method with each of its seeds; imported networks have one, 0."""
    return [
        (name, seed)
        for name in methods
        for seed in (STUDY.config.seeds if name in VARIANTS else [0])
    ]


def encoder_users(regime, scale):
    """Return the variants that go on from each encoder stage of a regime and scale."""
    users = {}
    for run in STUDY.runs():
        if run.regime == regime and run.scale == scale and run.encoder_stage():
            users.setdefault(digest(run.encoder_stage()), []).append(run.method)
    return dict(sorted(users.items()))


def encoder_histories(regime, scale):
    """Return the histories of the encoder stages of a regime and scale."""
    folder = f"results/{STUDY.config.study}/encoders"
    return [f"{folder}/{name}/history.csv" for name in encoder_users(regime, scale)]


def encoder_labels(regime, scale):
    """Return whose curve each stage's is, by digest: a variant's own, or a shared one."""
    users = encoder_users(regime, scale)
    shared = {tuple(names) for names in users.values() if len(names) > 1}
    common = "(shared encoder)" if len(shared) == 1 else "(encoder of {} ...)"
    return {
        stage: names[0] if len(names) == 1 else common.format(names[0])
        for stage, names in users.items()
    }


def figure_titles(wildcards):
    """Return the titles of a figure's methods, as JSON."""
    methods = drawn_methods(wildcards.figure, wildcards.regime, int(wildcards.scale))
    return page_json({name: TITLES[name] for name in methods})


def figure_settings(wildcards):
    """Return what a figure says beside its data."""
    kind, regime, scale = wildcards.figure, wildcards.regime, int(wildcards.scale)
    embedding, contrastive = STUDY.config.embedding, STUDY.config.contrastive
    projections = {
        "perplexity": embedding.perplexity,
        "seed": embedding.seed,
        "network_seed": STUDY.config.seeds[0],
    }
    settings = {
        "psnr_vs_width": {"trained_on": REGIMES[regime].widths_beyond(scale)},
        "gain_heatmap": {"method": STUDY.config.reference},
        "curves": {
            "queue_size": contrastive.queue_size,
            "batch_size": STUDY.config.training.batch_size,
            "encoders": encoder_labels(regime, scale),
        },
        "tsne": projections,
        "fig3": projections,
        "fig6": projections,
        "crops": {"oracles": ORACLES, "whole": STUDY.config.example_whole},
    }
    if kind in SWEEPS:
        return sweep_settings(SWEEPS[kind])
    return settings.get(kind, {})


def sweep_settings(sweep):
    """Return the swept key and the value of each of its methods."""
    own = own_value(STUDY.variant(sweep.variant), sweep)
    values = {sweep.method_name(value): value for value in sweep.values}
    values = {name: value for name, value in values.items() if name in VARIANTS}
    return {
        "key": sweep.key,
        "variant": sweep.variant,
        "values": {sweep.variant: own, **values},
        "own": own,
    }

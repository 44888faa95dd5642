"""What is reported and published, and which files each of it is made from."""

from dasr.config.store_address import check_uri, shown, tracking_uri
from dasr.config.store_file import planned_store
from dasr.reporting.kinds import TABLES
from dasr.text import escape_rst, page_json

ORACLES = [
    variant.name
    for variant in STUDY.variants
    if variant.settings.model.representation == "oracle"
]
TITLES = {
    BICUBIC: "Bicubic",
    **{name: network.title for name, network in IMPORTED.items()},
    **{variant.name: variant.title for variant in STUDY.variants},
}
HYPOTHESES = {
    **{
        name: f"Imported, not trained here: {IMPORTED[name].title}."
        for name in IMPORTED
    },
    **{variant.name: variant.hypothesis for variant in STUDY.variants},
}


PUBLISHED = sorted(map(str, Path("dasr/reporting/published").glob("*.csv")))
PAPER_TABLES = (
    paper_table_names(STUDY.config.protocol, STUDY.config.scales, list(TEST_SETS))
    if STUDY.config.protocol
    else []
)
PICTURED = STUDY.config.protocol in PICTURED_PROTOCOLS


# Snakemake writes params into a script of its report, and takes braces in a string for
# wildcards: people's words are JSON without "<", from a function.
def reference_caption(wildcards):
    """Return the reference's title as captions show it."""
    return escape_rst(TITLES.get(STUDY.config.reference, ""))


wildcard_constraints:
    table="|".join(TABLES),
    papertable="|".join(map(re.escape, PAPER_TABLES)) or "none",


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


def table_kinds(regime, scale):
    """Return the tables of a regime and scale."""
    return [
        "psnr",
        "ssim",
        "grid",
        *(["paired"] if len(VARIANTS) > 1 else []),
        *(["clusters"] if learned_of(regime, scale) else []),
        *(["hypotheses"] if networks_of(regime, scale) else []),
    ]


def tables():
    """Return the files of every table, pictures in their headers among them."""
    folder = f"reports/{STUDY.config.study}/tables"
    endings = [".csv", ".md", ".tex", ".html"]
    paper = [
        f"{folder}/{name}{ending}"
        for name in PAPER_TABLES
        for ending in (*endings, *(["_pictures"] if PICTURED else []))
    ]
    return paper + [
        reported("tables", kind, regime, scale, testset, ending[1:])
        for regime, scale, testset in cells()
        for kind in table_kinds(regime, scale)
        for ending in endings
    ]


def marks():
    """Return Table 1's check marks of each network that is trained here: whether it has a
    learned representation by contrast, a predicted kernel, modulation, the oracle."""
    found = {}
    for variant in STUDY.variants:
        model, contrastive = variant.settings.model, variant.settings.contrastive
        oracle = model.representation == "oracle"
        by_contrast = (
            contrastive.weight > 0 or variant.settings.training.encoder_epochs > 0
        )
        found[variant.name] = [
            None if oracle else by_contrast,
            getattr(model, "kernel_branch", False),
            getattr(model, "channel_branch", False),
            oracle,
        ]
    return found


def reported(folder, kind, regime, scale, testset, suffix):
    """Return the file of one table or figure."""
    name = f"{kind}-{regime}-x{scale}-{testset}.{suffix}"
    return f"reports/{STUDY.config.study}/{folder}/{name}"


def folder_of(method, regime, scale, seed=None):
    """Return a network's folder; without a seed, that of the study's first."""
    results = f"results/{STUDY.config.study}"
    if method == BICUBIC:
        return f"{results}/bicubic/{regime}/x{scale}"
    if method in IMPORTED:
        return f"{results}/imported/{method}/{regime}/x{scale}"
    seed = STUDY.config.seeds[0] if seed is None else seed
    return f"{results}/runs/{method}/{regime}/x{scale}/seed{seed}"


def networks_of(regime, scale):
    """Return the networks of a regime and scale, imported ones first."""
    brought = [
        name
        for name, network in IMPORTED.items()
        if network.regime == regime and scale in network.files
    ]
    return [*brought, *VARIANTS]


def learned_of(regime, scale):
    """Return the networks of a regime and scale that have a representation to look at."""
    unlearned = [
        variant.name
        for variant in STUDY.variants
        if variant.settings.model.representation != "learned"
    ]
    return [name for name in networks_of(regime, scale) if name not in unlearned]


def table_titles(wildcards):
    """Return the title of each method of a table, as JSON; pairs belong to networks trained
    here."""
    names = [BICUBIC, *networks_of(wildcards.regime, int(wildcards.scale))]
    if wildcards.table == "paired":
        names = [BICUBIC, *VARIANTS]
    return page_json({name: TITLES[name] for name in names})


def published_runs():
    """Return the files of every network, as tracking reads them."""
    return [published_run(run) for run in STUDY.runs()] + [
        published_import(network.name, network.regime, scale)
        for network in IMPORTED.values()
        for scale in network.files
    ]


def published_import(name, regime, scale):
    """Return the files of an imported network, which has no history."""
    folder = folder_of(name, regime, scale)
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
    encoder = run.encoder_stage()
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

"""The checked study, and the functions that rules take their wildcards and inputs from."""

import fcntl
import os
import sys
from pathlib import Path

from dasr.config import (
    BICUBIC,
    ConfigError,
    digest,
    image_files,
    layered,
    load_study,
    read_yaml,
    source_digest,
    to_dict,
)


def checked_study():
    """Return the study, or stop with one line before anything is planned."""
    names = list(map(str, workflow.configfiles)) or ["config/config.yaml"]
    try:
        base = read_yaml(Path("config/config.yaml"))
        over = workflow.config_settings.overwrite_config
        layers, budget = layered(base, over, Path("config/budgets"))
        names[1:1] = map(str, budget)
        study = load_study(layers, Path("ablations"), " + ".join(names))
        for image_set in study.config.train_sets + study.config.test_sets:
            image_files(image_set, Path(study.config.data_root))
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    return study


STUDY = checked_study()
VARIANTS = [variant.name for variant in STUDY.variants]
REGIMES = {regime.name: regime for regime in STUDY.config.regimes}
TRAIN_SETS = {item.name: item for item in STUDY.config.train_sets}
TEST_SETS = {item.name: item for item in STUDY.config.test_sets}
ENCODERS = STUDY.encoders()


wildcard_constraints:
    study=STUDY.config.study,
    variant="|".join(VARIANTS) or "none",
    regime="|".join(REGIMES),
    scale="|".join(map(str, STUDY.config.scales)),
    seed="|".join(map(str, STUDY.config.seeds)),
    testset="|".join(TEST_SETS),
    trainset="|".join(TRAIN_SETS),
    encoder="|".join(ENCODERS) or "none",


onstart:
    hold_lock()


def hold_lock():
    """Refuse to run beside another process on this folder; released with the process."""
    Path(".snakemake").mkdir(exist_ok=True)
    lock = os.open(".snakemake/study.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("error: another snakemake is running in this folder", file=sys.stderr)
        os._exit(2)


def run_of(wildcards):
    """Return the run of a rule's wildcards."""
    keys = (
        wildcards.variant,
        wildcards.regime,
        int(wildcards.scale),
        int(wildcards.seed),
    )
    return STUDY.run(*keys)


def run_config(wildcards):
    """Return everything that decides the weights of one network, as plain data."""
    return to_dict(run_of(wildcards))


def encoder_state(wildcards):
    """Return the shared encoder stage's file, for methods that have such a stage."""
    stage = run_of(wildcards).encoder()
    if stage is None:
        return []
    return f"results/{wildcards.study}/encoders/{digest(stage)}/state.safetensors"


def train_sets(kind):
    """Return the packed files of all training sets; `kind` is "bin" or "csv"."""
    return [
        f"results/{STUDY.config.study}/data/train/{name}.{kind}" for name in TRAIN_SETS
    ]


def runs(pattern, learned_only=False):
    """Return a pattern under results/ filled in for every network of the study."""
    return [
        f"results/{STUDY.config.study}/{pattern}".format(
            run=f"runs/{run.variant}/{run.regime}/x{run.scale}/seed{run.seed}",
            testset=testset,
        )
        for run in STUDY.runs()
        if not learned_only or run.method.model.representation == "learned"
        for testset in (TEST_SETS if "{testset}" in pattern else [None])
    ]


def baselines(pattern):
    """Return a pattern filled in for the baseline on every regime, scale and test set."""
    return [
        f"results/{STUDY.config.study}/bicubic/{regime}/x{scale}/{pattern}".format(
            testset=testset
        )
        for regime, scale, testset in cells()
    ]


def cells():
    """Return regime, scale and test set of every combination that is reported."""
    return [
        (regime, scale, testset)
        for regime in REGIMES
        for scale in STUDY.config.scales
        for testset in TEST_SETS
    ]

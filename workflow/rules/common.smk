"""The checked study, and the functions that rules take their wildcards and inputs from."""

import os
import re
from functools import cache
from pathlib import Path

from dasr.config import (
    ARCHITECTURES,
    BICUBIC,
    architecture_module,
    digest,
    image_files,
    own_value,
    relative_root,
    source_digest,
    sweep_figures,
    to_dict,
)
from dasr.config.complaints import demands_of
from dasr.config.planning import (
    keep_networks,
    planned_study,
    require_project,
    require_room,
)
from dasr.errors import one_line
from dasr.files import hold
from dasr.reporting.published.protocols import (
    PICTURED as PICTURED_PROTOCOLS,
    paper_table_names,
    require_grid,
)

# Jobs keep freed memory. glibc gives large blocks back to the kernel, which hands out zeroed
# pages again at the next step: a quarter of a training step's time (docs/performance.md).
os.environ.setdefault("MALLOC_MMAP_MAX_", "0")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(2**34))


def checked_study():
    """Return the study, or stop with one line before anything is planned."""
    settings = workflow.config_settings
    with one_line():
        require_project(Path(workflow.main_snakefile))
        study = planned_study(settings.configfiles, settings.config_args or [])
        check_protocol(study.config)
        if workflow.is_main_process:
            require_room(Path.cwd())
            keep_networks(Path("results") / study.config.study)
        return study


def check_protocol(config):
    """Refuse degradations that the study's protocol has no place for."""
    for scale in config.scales if config.protocol else []:
        grid = config.regimes[0].test
        require_grid(config.protocol, grid.at_scale(scale), grid.noise_levels)


STUDY = checked_study()
VARIANTS = [variant.name for variant in STUDY.variants]
REGIMES = {regime.name: regime for regime in STUDY.config.regimes}
DATA_ROOT = relative_root(STUDY.config.data_root)
TRAIN_SETS = {item.name: item for item in STUDY.config.train_sets}
TEST_SETS = {item.name: item for item in STUDY.config.test_sets}
ENCODERS = STUDY.encoders()
IMPORTED = {network.name: network for network in STUDY.config.imported}


wildcard_constraints:
    study=STUDY.config.study,
    variant="|".join(map(re.escape, VARIANTS)) or "none",
    imported="|".join(map(re.escape, IMPORTED)) or "none",
    regime="|".join(map(re.escape, REGIMES)),
    scale="|".join(map(str, STUDY.config.scales)),
    seed="|".join(map(str, STUDY.config.seeds)),
    testset="|".join(map(re.escape, TEST_SETS)),
    trainset="|".join(map(re.escape, TRAIN_SETS)),
    encoder="|".join(ENCODERS) or "none",


onstart:
    hold_lock()
    require_answers()


def hold_lock():
    """Refuse to run beside another process on this folder; released with the process."""
    with one_line(leave=os._exit):
        busy = "another snakemake is running in this folder"
        hold(Path(".snakemake/study.lock"), busy)


@cache
def source_of(script, *modules):
    """Return the digest of the code that a script of workflow/scripts runs.

    `modules` are the architectures of the networks that it gets."""
    return source_digest(Path(workflow.basedir, "workflow/scripts", script), *modules)


def architectures_of(wildcards):
    """Return the modules of the architectures that a job's network can have.

    What an imported file holds is not known before it is read, so it may be any."""
    if "variant" in wildcards.keys():
        model = STUDY.variant(wildcards.variant).settings.model
        return [architecture_module(model.architecture)]
    if "imported" in wildcards.keys():
        return sorted(map(architecture_module, ARCHITECTURES))
    return []


def folder_root(image_set):
    """Return the root that a set's folder lies below; other sets do not depend on it."""
    return str(DATA_ROOT) if image_set.source == "folder" else ""


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
    stage = run_of(wildcards).encoder_stage()
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
            run=f"runs/{run.method}/{run.regime}/x{run.scale}/seed{run.seed}",
            testset=testset,
        )
        for run in STUDY.runs()
        if not learned_only or run.settings.model.representation == "learned"
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


def imported(pattern):
    """Return a pattern filled in for every imported network and test set."""
    folder = f"results/{STUDY.config.study}/imported"
    return [
        f"{folder}/{network.name}/{network.regime}/x{scale}/{pattern}".format(
            testset=testset
        )
        for network in IMPORTED.values()
        for scale in network.files
        for testset in (TEST_SETS if "{testset}" in pattern else [None])
    ]


def cells():
    """Return regime, scale and test set of every combination that is reported."""
    return [
        (regime, scale, testset)
        for regime in REGIMES
        for scale in STUDY.config.scales
        for testset in TEST_SETS
    ]

"""The checked study and its plan: rules take wildcards, inputs and files from them."""

import os
import re
from functools import cache
from pathlib import Path

from dasr.config import image_files, source_digest, to_dict
from dasr.errors import one_line
from dasr.files import hold
from dasr.reporting.published.protocols import require_grid
from dasr.study import Plan, study_text
from dasr.study.parts import part_modules, part_stages
from dasr.study.planning import keep_networks, planned_study, require_folder

# Jobs keep freed memory. glibc gives large blocks back to the kernel, which hands out zeroed
# pages again at the next step: a quarter of a training step's time (docs/performance.md).
os.environ.setdefault("MALLOC_MMAP_MAX_", "0")
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(2**34))


with one_line():  # of what is wrong, before anything is planned
    settings = workflow.config_settings
    require_folder(Path(workflow.main_snakefile), writable=workflow.is_main_process)
    STUDY = planned_study(settings.configfiles, settings.config_args or [])
    require_grid(STUDY.config)
    PLAN = Plan(STUDY)
    PARTS_TRAINED = part_stages(PLAN)
    if workflow.is_main_process:
        keep_networks(Path(PLAN.results))


def any_of(names):
    """Return a pattern that matches these names alone, and nothing if there is none."""
    return "|".join(re.escape(str(name)) for name in names) or "(?!)"


wildcard_constraints:
    study=re.escape(STUDY.config.study),
    method=any_of(method.name for method in PLAN.named),
    regime=any_of(regime.name for regime in STUDY.config.regimes),
    scale=any_of(STUDY.config.scales),
    seed=any_of({seed for method in PLAN.methods for seed in method.seeds}),
    testset=any_of(item.name for item in STUDY.config.test_sets),
    trainset=any_of(item.name for item in STUDY.config.all_train_sets),
    validationset=any_of(item.name for item in STUDY.config.validation_sets),
    encoder=any_of(STUDY.encoders()),
    part=any_of(PARTS_TRAINED),


onstart:
    hold_lock()
    require_answers()


def hold_lock():
    """Refuse to run beside another process on this folder; released with the process."""
    with one_line(leave=os._exit):
        hold(
            Path(".snakemake/study.lock"), "another snakemake is running in this folder"
        )


@cache
def source_of(script, *modules):
    """Return the digest of the code that a script of workflow/scripts runs.

    `modules` are the architectures of the networks that it gets."""
    return source_digest(Path(workflow.basedir, "workflow/scripts", script), *modules)


def source_of_part(stage):
    """Return the digest of the code that decides a part of networks."""
    return source_of("train_part.py", *part_modules(stage))


def keys_of(wildcards):
    """Return method, regime, scale and seed of a rule's wildcards."""
    return wildcards.method, wildcards.regime, int(wildcards.scale), int(wildcards.seed)

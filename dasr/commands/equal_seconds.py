"""Find the joint steps at which methods train for the same CPU seconds, and write them down."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
import yaml

from dasr.config import Study, load_study, to_dict
from dasr.config.equal_seconds import (
    EqualSeconds,
    MethodSeconds,
    read_seconds,
    seconds_file,
    settings_digest,
)
from dasr.config.run import RunConfig
from dasr.devices import machine, use_device
from dasr.errors import UserError
from dasr.files import write_text
from dasr.study.planning import ABLATIONS, study_layers
from dasr.training.step_seconds import StageSeconds, step_seconds

HEAD = """\
# CPU seconds of a step of each stage, and the joint steps that give every method the CPU
# seconds of the reference: measured by dasr equal-seconds, read with `equal: seconds`.
"""


class Asked(NamedTuple):
    """A method whose steps are looked for, at one scale."""

    method: str
    scale: int
    reference: str

    def __str__(self) -> str:
        """Return e.g. "dasr x4"."""
        return f"{self.method} x{self.scale}"


def find_steps(files: Sequence[Path], arguments: Sequence[str], *, write: bool) -> list[str]:
    """Return lines that say how many joint steps each method of a study has.

    Methods whose steps are in the study's file, for the settings that they have, keep them,
    so that nothing is trained again for a method that joins.

    Args:
        files: study files, as given to Snakemake's `--configfile`.
        arguments: "key=value", as given to Snakemake's `--config`.
        write: whether the study's file is written.

    Raises:
        UserError: nothing to train, a file of another machine, or a method whose stages
            before the joint one take all the seconds that the reference has.
    """
    layers, names = study_layers(files, arguments)
    study = load_study({**layers, "equal": "steps"}, ABLATIONS, names)
    if not study.variants:
        raise UserError(f"{names}: variants: none, so there is nothing to train")
    path = seconds_file(study.config.study)
    here = machine(use_device(1, gpu=False))
    known = read_seconds(path) or EqualSeconds(
        machine=here, torch=str(torch.__version__), methods=()
    )
    missing = [one for one in _asked(study) if _known(study, known, one) is None]
    if not missing:
        return [f"{path} has the joint steps already: {_shown(study, known)}"]
    if known.machine != here:
        raise UserError(f"{path}: measured on {known.machine}, this is {here}: remove it first")
    found, lines = zip(*_found(study, missing), strict=True)
    if not write:
        return [*lines, "with --write, these go into the study's file, which it reads"]
    known = replace(known.joined_by(found), torch=str(torch.__version__))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(to_dict(known), sort_keys=False, default_flow_style=None, width=96)
    write_text(path, HEAD + text)
    return [*lines, f"written into {path}"]


def _asked(study: Study) -> list[Asked]:
    return [
        Asked(one.name, scale, str(study.reference_at(one.size)))
        for scale in study.config.scales
        for one in study.variants
    ]


def _known(study: Study, known: EqualSeconds, one: Asked) -> MethodSeconds | None:
    return known.at(one.method, one.scale, _digest(study, one))


def _digest(study: Study, one: Asked) -> str:
    own, other = (study.variant(name) for name in (one.method, one.reference))
    return settings_digest(
        own.settings_at(one.scale), other.settings_at(one.scale), study.config.regimes
    )


def _shown(study: Study, known: EqualSeconds) -> str:
    """Return the steps of all methods: "dasr x4 2,000, no_ca x4 2,180"."""
    found = [(one, _known(study, known, one)) for one in _asked(study)]
    return ", ".join(f"{one} {entry.joint_steps:,}" for one, entry in found if entry)


def _found(study: Study, missing: Sequence[Asked]) -> list[tuple[MethodSeconds, str]]:
    """Return the steps of methods that lack them, each with a line that tells them.

    References are measured with them: only what is measured in turns is compared.
    """
    keys = [(one.reference, one.scale) for one in missing]
    keys = list(dict.fromkeys([*keys, *((one.method, one.scale) for one in missing)]))
    seconds = _mean_seconds(study, keys)
    found = []
    for one in missing:
        own, other = _run(study, one.method, one.scale), _run(study, one.reference, one.scale)
        target = _total(other, seconds[one.reference, one.scale])
        of_step = seconds[one.method, one.scale]
        steps = _joint_steps(one, own, of_step, target)
        spent = _before(own, of_step) + steps * of_step["joint"]
        entry = MethodSeconds(
            method=one.method,
            scale=one.scale,
            settings=_digest(study, one),
            step_seconds={name: round(value, 6) for name, value in of_step.items()},
            joint_steps=steps,
            cpu_seconds=round(spent, 2),
        )
        stages = ", ".join(f"{name} {value:.4f} s" for name, value in of_step.items())
        line = (
            f"{one}: {stages} a step: {steps:,} joint steps, {spent:,.0f} CPU seconds, "
            f"{spent / target - 1:+.1%} of {one.reference}'s"
        )
        found.append((entry, line))
    return found


def _mean_seconds(
    study: Study, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], StageSeconds]:
    """Return the CPU seconds of steps by method and scale, mean over the study's regimes."""
    regimes, seed = [one.name for one in study.config.regimes], study.config.seeds[0]
    runs = [study.run(name, one, scale, seed) for name, scale in keys for one in regimes]
    measured = step_seconds(runs)
    found = {}
    for number, key in enumerate(keys):
        own = measured[number * len(regimes) : (number + 1) * len(regimes)]
        found[key] = {name: sum(one[name] for one in own) / len(own) for name in own[0]}
    return found


def _run(study: Study, method: str, scale: int) -> RunConfig:
    config = study.config
    return study.run(method, config.regimes[0].name, scale, config.seeds[0])


def _total(run: RunConfig, of_step: StageSeconds) -> float:
    """Return the CPU seconds of all stages of a training."""
    return sum(stage.training.total_steps * of_step[stage.name] for stage in run.stages())


def _before(run: RunConfig, of_step: StageSeconds) -> float:
    """Return the CPU seconds of the stages before the joint one."""
    joint = run.joint_stage().training.total_steps
    return _total(run, of_step) - joint * of_step["joint"]


def _joint_steps(one: Asked, run: RunConfig, of_step: StageSeconds, target: float) -> int:
    """Return the steps that come nearest to some CPU seconds, of epochs of equal length."""
    training = run.settings.training
    if one.method == one.reference:
        return run.joint_stage().training.total_steps
    length = round((target - _before(run, of_step)) / of_step["joint"] / training.joint_epochs)
    if length < 1:
        raise UserError(
            f"{one}: the {target:,.0f} CPU seconds of {one.reference} do not leave it a step "
            f"in each of {training.joint_epochs} joint epochs, of {of_step['joint']:.3f} s "
            f"each, after {_before(run, of_step):,.0f} s of other stages"
        )
    return length * training.joint_epochs

"""Layers of a study's configuration: default, budget, study file, command line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dasr.config.architectures import DEFAULT_ARCHITECTURE
from dasr.config.yaml_files import parse_yaml, read_mapping, wrong_suffix
from dasr.errors import UserError

CHOOSER = "architecture"
"""Key that says what the other keys of a mapping are."""


def merged(base: Any, over: Any) -> Any:
    """Return `base` with `over` on top: mappings by key, everything else replaced.

    So is a mapping with another `architecture`, whose keys are not those of the base's.
    """
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
    chosen = over.get(CHOOSER)
    if chosen is not None and chosen != base.get(CHOOSER, DEFAULT_ARCHITECTURE):
        return dict(over)
    return {
        key: merged(base.get(key), over.get(key, base.get(key))) for key in {**base, **over}
    }


def layered(
    base: Mapping[str, Any], over: Mapping[str, Any], budgets: Path
) -> tuple[dict[str, Any], list[Path]]:
    """Return a study's configuration, and the budget file that took part in it, if any.

    A budget says how large a study is: networks, steps, training images, seeds. It lies
    between the default study and the study file, so that a study file may still differ.

    Args:
        base: the default study, config/config.yaml.
        over: what study files and command line change; its key `budget` names a budget.
        budgets: folder with one file per budget.

    Raises:
        UserError: there is no such budget.
    """
    name = merged(base, over).get("budget")
    if name is None:
        return merged(base, over), []
    known = sorted(path.stem for path in budgets.glob("*.yaml"))
    if name not in known:
        hint = wrong_suffix(budgets, str(name))
        raise UserError(f"budget: unknown {name!r}; allowed: {known}{hint}")
    path = budgets / f"{name}.yaml"
    return merged(merged(base, read_mapping(path)), over), [path]


def study_file_layer(files: Sequence[Path], arguments: Sequence[str]) -> dict[str, Any]:
    """Return what study files and `--config` arguments change, the later ones on top.

    Snakemake has read both, by a reader that keeps the last of two equal keys and says
    nothing: they are read again.

    Args:
        files: as given to `--configfile`.
        arguments: "key=value", as given to `--config`; a value is YAML.

    Raises:
        UserError: a file that is no study file, or a key that is there twice.
    """
    layer: dict[str, Any] = {}
    for path in files:
        layer = merged(layer, read_mapping(path))
    given: dict[str, Any] = {}
    for argument in arguments:
        key, _, value = argument.partition("=")
        if key in given:
            raise UserError(f"--config: {key!r} is there twice")
        given[key] = parse_yaml(value, f"--config {key}")
    return merged(layer, given)

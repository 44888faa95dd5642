"""Layers of a study's configuration: default, budget, study file, command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dasr.errors import UserError


def read_yaml(path: Path) -> Any:
    """Return the contents of a YAML file.

    Raises:
        UserError: the file is missing or is no YAML; the message names file and line.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not YAML: {' '.join(str(error).split())}") from None


def merged(base: Any, over: Any) -> Any:
    """Return `base` with `over` on top: mappings by key, everything else replaced."""
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
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
        budgets: folder with one file a budget.

    Raises:
        UserError: there is no such budget.
    """
    name = merged(base, over).get("budget")
    if name is None:
        return merged(base, over), []
    known = sorted(path.stem for path in budgets.glob("*.yaml"))
    if name not in known:
        raise UserError(f"budget: unknown {name!r}; allowed: {known}")
    path = budgets / f"{name}.yaml"
    return merged(merged(base, read_yaml(path)), over), [path]

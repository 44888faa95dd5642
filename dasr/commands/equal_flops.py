"""Find the sizes of a variant at another method's FLOPs, and write them into its file."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from dasr.architectures.equal_cost import equal_sizes, flops_of
from dasr.config import ModelConfig, from_dict
from dasr.config.architectures import DEFAULT_ARCHITECTURE
from dasr.config.equal_flops import FLOPS_TOLERANCE, EqualFlops
from dasr.config.layers import CHOOSER
from dasr.config.method import MethodConfig
from dasr.config.schema import StudyConfig
from dasr.config.sizes import sized_methods
from dasr.config.variants import load_variant, read_variant_file
from dasr.config.yaml_files import parse_yaml, read_mapping
from dasr.errors import UserError
from dasr.files import write_text
from dasr.study.planning import ABLATIONS, study_layers

LINE_LENGTH = 90
ENTRY_INDENT = 4
"""Spaces before an entry of `equal_flops: sizes`."""


def find_sizes(
    name: str, files: Sequence[Path], arguments: Sequence[str], *, write: bool
) -> list[str]:
    """Return lines that say what to set, and the entry of the variant's file that sets it.

    A study with `sizes` has a method, and an entry, for each of them. Scales whose sizes the
    file knows are not counted again.

    Args:
        name: of the variant.
        files: study files, as given to Snakemake's `--configfile`.
        arguments: "key=value", as given to Snakemake's `--config`.
        write: whether the entry is appended to the variant's file.

    Raises:
        UserError: no such variant, one without `equal_flops`, or no solution.
    """
    layers, where = study_layers(files, arguments)
    config = from_dict(StudyConfig, layers, where)
    path = ABLATIONS / f"{name}.yaml"
    equal = read_variant_file(path).equal_flops
    if equal is None:
        raise UserError(f"{path}: says no equal_flops: {{to: METHOD, vary: [num_features]}}")
    return [
        f"{size.name}: {line}" if size else line
        for size, base in sized_methods(config.settings(), config.sizes, where)
        for line in _lines_of(path, equal, base, config.scales, write=write)
    ]


def _lines_of(
    path: Path, equal: EqualFlops, base: MethodConfig, asked: Sequence[int], *, write: bool
) -> list[str]:
    """Return the lines of `find_sizes` of one study's method, or of one of its sizes."""
    scales = equal.unknown(base.model, asked)
    if not scales:
        shown = ", ".join(f"x{scale}: {equal.at(base.model, scale)}" for scale in asked)
        return [f"{path} has the sizes already: {shown}"]
    found = _search(path, equal, base, scales)
    entry = _entry(base.model, {scale: sizes for scale, (sizes, _) in found.items()})
    lines = [f"x{scale}: {sizes}: {text}" for scale, (sizes, text) in found.items()]
    if write:
        _append(path, entry)
        return [*lines, f"written into {path}"]
    return [*lines, f"for {path}, below equal_flops: sizes:", *entry.rstrip().split("\n")]


def _search(
    path: Path, equal: EqualFlops, base: MethodConfig, scales: Sequence[int]
) -> dict[int, tuple[dict[str, int], str]]:
    """Return sizes by scale, and how near the FLOPs are."""
    own = load_variant(path.parent, path.stem, base).settings.model
    found = {}
    for scale in scales:
        other = load_variant(path.parent, equal.to, base, [scale]).settings_at(scale).model
        try:
            sizes = equal_sizes(own, other, scale, equal.vary, FLOPS_TOLERANCE)
        except UserError as error:
            raise UserError(f"{path}: equal_flops: {error}") from None
        changes: dict[str, Any] = dict(sizes)
        flops, target = (
            flops_of(dataclasses.replace(own, **changes), scale),
            flops_of(other, scale),
        )
        text = f"{flops:,} FLOPs, {flops / target - 1:+.2%} of {equal.to}'s {target:,}"
        found[scale] = (sizes, text)
    return found


def _entry(model: ModelConfig, by_scale: dict[int, dict[str, int]]) -> str:
    """Return an entry of `equal_flops: sizes` as lines of YAML.

    The model is written without what has its architecture's default.
    """
    shown = {
        item.name: getattr(model, item.name)
        for item in dataclasses.fields(model)
        if getattr(model, item.name) != item.default
    }
    if model.architecture != DEFAULT_ARCHITECTURE:
        shown = {CHOOSER: model.architecture, **shown}
    entry = [{"model": shown, "by_scale": by_scale}]
    text = yaml.safe_dump(entry, sort_keys=False, default_flow_style=None, width=LINE_LENGTH)
    return "".join(f"{' ' * ENTRY_INDENT}{line}\n" for line in text.splitlines())


def _append(path: Path, entry: str) -> None:
    """Append an entry to a variant's file, comments and all else kept.

    Raises:
        UserError: `equal_flops`, and in it `sizes`, is not the end of the file.
    """
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    wanted = read_mapping(path)
    equal = wanted["equal_flops"]
    if "sizes" not in equal:
        text += "  sizes:\n"
    equal["sizes"] = [*(equal.get("sizes") or []), *parse_yaml(entry, "entry")]
    try:
        same = parse_yaml(text + entry, str(path)) == wanted
    except UserError:
        same = False
    if not same:
        raise UserError(
            f"{path}: its last key is not equal_flops, or sizes in it: move it there, or take "
            "the entry from dasr equal-flops without --write"
        )
    write_text(path, text + entry)

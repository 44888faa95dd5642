"""A study's variants: the files of ablations/, and what each makes of the study's method."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dasr.config.checks import require_name, require_title
from dasr.config.claims import Relation
from dasr.config.equal_flops import EqualFlops
from dasr.config.method import MethodConfig
from dasr.config.strict import apply_overrides, from_dict
from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError


@dataclass(frozen=True, kw_only=True)
class VariantFile:
    """The contents of `ablations/<variant>.yaml`; the variant's name is the file's stem."""

    title: str
    hypothesis: str
    overrides: dict[str, Any]
    equal_flops: EqualFlops | None = None
    """That the model has another method's arithmetic, and by what sizes."""
    expected: Relation = "worse"
    """What the hypothesis says of it against the reference, for claims."""
    rival: bool = False
    """That it is another network, not an ablation of DASR: a study takes it by name alone."""

    def __post_init__(self) -> None:
        """Refuse a title that shows nothing."""
        require_title(self.title)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One method: its name, what it claims, and its resolved configuration."""

    name: str
    title: str
    hypothesis: str
    settings: MethodConfig
    """At scales that are not in `at_scale`."""
    at_scale: dict[int, MethodConfig] = field(default_factory=dict)
    """Of a variant at another method's FLOPs, whose sizes depend on the scale."""
    expected: Relation = "worse"
    """What it is claimed to be against the reference, where a study does not say."""
    size: str = ""
    """Name of its size, in a study with sizes; it ends the name."""
    file: str = ""
    """Of ablations/, its stem, where that is not the name: in a study with sizes."""
    file_title: str = ""
    """The title of that file."""

    def settings_at(self, scale: int) -> MethodConfig:
        """Return the configuration of its networks at a scale."""
        return self.at_scale.get(scale, self.settings)


def discover_variants(folder: Path) -> list[str]:
    """Return the variants found in a folder; files starting with "_" are drafts."""
    return sorted(path.stem for path in folder.glob("[!_.]*.yaml"))


def discover_ablations(folder: Path) -> list[str]:
    """Return the variants of a folder that are no rivals.

    Raises:
        UserError: a file that says something else than a variant does.
    """
    names = discover_variants(folder)
    return [name for name in names if not read_variant_file(folder / f"{name}.yaml").rival]


def read_variant_file(path: Path) -> VariantFile:
    """Return what a file of ablations/ says.

    Raises:
        UserError: no such file, or one that says something else.
    """
    return from_dict(VariantFile, read_mapping(path), str(path))


def load_variant(
    ablations: Path, name: str, base: MethodConfig, scales: Sequence[int] = ()
) -> Variant:
    """Return one variant: the study's method with its override file applied.

    Args:
        ablations: folder of the file.
        name: its stem.
        base: the study's method.
        scales: the study's, for the sizes of a variant at another method's FLOPs.

    Raises:
        UserError: what is wrong with the file, or sizes that it does not know.
    """
    path = ablations / f"{name}.yaml"
    try:
        require_name(name)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from None
    file = read_variant_file(path)
    settings = apply_overrides(base, file.overrides, f"{path}: overrides")
    return Variant(
        name=name,
        title=file.title,
        hypothesis=file.hypothesis,
        settings=settings,
        at_scale=_sized(path, file.equal_flops, base, settings, scales),
        expected=file.expected,
    )


def _sized(
    path: Path,
    equal: EqualFlops | None,
    base: MethodConfig,
    settings: MethodConfig,
    scales: Sequence[int],
) -> dict[int, MethodConfig]:
    """Return a variant's configuration by scale, if its file gives it another's FLOPs."""
    if equal is None:
        return {}
    key = f"{path}: equal_flops"
    if not (path.parent / f"{equal.to}.yaml").is_file():
        raise UserError(f"{key}: to: no variant {equal.to!r} in {path.parent}")
    unknown = ", ".join(f"x{scale}" for scale in equal.unknown(base.model, scales))
    if unknown:
        raise UserError(
            f"{key}: no sizes for this study's model at {unknown}: run dasr equal-flops "
            f"{path.stem} --write with this study's --configfile and --config"
        )
    return {
        scale: apply_overrides(
            settings, {"model": equal.at(base.model, scale)}, f"{key}: sizes: x{scale}"
        )
        for scale in scales
    }

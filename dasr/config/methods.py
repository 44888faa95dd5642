"""Methods beside the files of ablations/: imported networks and swept values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dasr.config.checks import require, require_name, require_title
from dasr.config.degradation import SCALES
from dasr.text import number_text


@dataclass(frozen=True, kw_only=True)
class ImportedConfig:
    """A network that was trained elsewhere: tested like the others, not trained."""

    name: str
    title: str
    regime: str
    """The regime on whose grid it is tested."""
    files: dict[int, str]
    """By scale: the authors' `model_600.pt`, or a `model.safetensors` of any study."""
    stands_for: str | None = None
    """The variant whose published rows it is compared with, e.g. "dasr"."""

    def __post_init__(self) -> None:
        """Refuse a name that cannot be a folder, and scales nobody has."""
        require_name(self.name)
        require_title(self.title)
        require(len(self.files) > 0, "files is empty")
        for scale, path in self.files.items():
            require(scale in SCALES, f"files: scale {scale} not in {list(SCALES)}")
            require(
                path.endswith((".pt", ".pth", ".safetensors")),
                f"files: {path!r} is neither *.pt nor *.safetensors",
            )


@dataclass(frozen=True, kw_only=True)
class SweepConfig:
    """One number of a variant, tried at several values: each becomes a method."""

    variant: str
    key: str
    """Section and key of the method, e.g. "contrastive.temperature"."""
    values: tuple[int | float, ...]
    """The variant's own value may be among them; it adds no method."""

    def __post_init__(self) -> None:
        """Refuse keys without a section, no values, and a value given twice."""
        require(self.key.count(".") == 1, f"key {self.key!r} is not 'section.key'")
        require(len(self.values) > 0, "values is empty")
        require(len(set(self.values)) == len(self.values), "values: a value is there twice")

    @property
    def section(self) -> str:
        """The key's section, e.g. "contrastive"."""
        return self.key.partition(".")[0]

    @property
    def leaf(self) -> str:
        """The key without its section, e.g. "temperature"."""
        return self.key.partition(".")[2]

    def method_name(self, value: float) -> str:
        """Return the name of the method at a value, e.g. "dasr-temperature-0.03"."""
        return f"{self.variant}-{self.leaf}-{number_text(value)}"

    def overrides(self) -> Iterator[tuple[int | float, dict[str, Any]]]:
        """Yield each value and the override that sets it."""
        for value in self.values:
            yield value, {self.section: {self.leaf: value}}


def sweep_figures(sweeps: Sequence[SweepConfig]) -> dict[str, SweepConfig]:
    """Return each sweep by the name of its figure, e.g. "sweep_temperature".

    Where several sweeps end in the same word, their names say what tells them apart: the
    section before it, the variant behind it. A name has no "-", which ends it in a file's
    name.

    Raises:
        ValueError: two figures would have one name, such as those of one key of one
            variant swept twice.
    """
    found: dict[str, SweepConfig] = {}
    for sweep in sweeps:
        alike = [other for other in sweeps if other.leaf == sweep.leaf]
        parts = ["sweep", sweep.leaf]
        if len({other.section for other in alike}) > 1:
            parts.insert(1, sweep.section)
        if len({other.variant for other in alike}) > 1:
            parts.append(sweep.variant.replace("-", "_"))
        name = "_".join(parts)
        require(
            name not in found,
            f"sweeps: {sweep.key} of {sweep.variant}: another sweep has its figure {name!r}; "
            "give one sweep all values, or a variant another name",
        )
        found[name] = sweep
    return found

"""Methods that train for the same CPU seconds: how many joint steps each of them has.

Training by the clock would not give the same bits twice. `dasr equal-seconds` measures what a
step of each method takes and writes numbers of steps into a file, which planning reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dasr.config.checks import require
from dasr.config.degradation import SCALES
from dasr.config.method import MethodConfig, TrainingConfig
from dasr.config.provenance import digest
from dasr.config.regime import RegimeConfig
from dasr.config.strict import from_dict
from dasr.config.variants import Variant
from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError

SECONDS_FOLDER = Path("config/budgets/seconds")
"""One file per study that says `equal: seconds`."""
TAKE_NO_TIME = frozenset(
    {
        "encoder_learning_rate", "joint_learning_rate", "schedule", "encoder_decay_epochs",
        "joint_decay_epochs", "joint_steps_per_epoch",
    }
)  # fmt: skip
"""Keys of `training` that decide no seconds, or are what is looked for."""


@dataclass(frozen=True, kw_only=True)
class MethodSeconds:
    """What a method takes at one scale, and what it may."""

    method: str
    scale: int
    settings: str
    """`settings_digest` of what was measured."""
    step_seconds: dict[str, float]
    """CPU seconds of a step, by stage."""
    joint_steps: int
    """Whole epochs."""
    cpu_seconds: float
    """Of all stages with these steps."""

    def __post_init__(self) -> None:
        """Refuse a scale that nobody has, and a stage of no steps."""
        require(self.scale in SCALES, f"scale {self.scale} not in {list(SCALES)}")
        require(self.joint_steps > 0, "joint_steps must be positive")


@dataclass(frozen=True, kw_only=True)
class EqualSeconds:
    """What `dasr equal-seconds` has measured for a study, on one machine, with one thread."""

    machine: str
    torch: str
    methods: tuple[MethodSeconds, ...]

    def __post_init__(self) -> None:
        """Refuse two answers for one method and scale."""
        keys = [(one.method, one.scale) for one in self.methods]
        for method, scale in keys:
            require(
                keys.count((method, scale)) == 1, f"methods: {method} x{scale} is there twice"
            )

    def at(self, method: str, scale: int, settings: str) -> MethodSeconds | None:
        """Return what is known of a method; None if it was measured with other settings."""
        wanted = (method, scale, settings)
        return next(
            (one for one in self.methods if (one.method, one.scale, one.settings) == wanted),
            None,
        )

    def joined_by(self, found: Sequence[MethodSeconds]) -> "EqualSeconds":
        """Return what is known with new answers, which replace those of their method."""
        new = {(one.method, one.scale): one for one in found}
        all_of_them = {(one.method, one.scale): one for one in self.methods} | new
        return replace(self, methods=tuple(all_of_them.values()))


def seconds_file(study: str, folder: Path = SECONDS_FOLDER) -> Path:
    """Return the file of a study."""
    return folder / f"{study}.yaml"


def read_seconds(path: Path) -> EqualSeconds | None:
    """Return what a file says; None if there is no such file.

    Raises:
        UserError: it says something else.
    """
    return from_dict(EqualSeconds, read_mapping(path), str(path)) if path.exists() else None


def settings_digest(
    own: MethodConfig, reference: MethodConfig, regimes: Sequence[RegimeConfig]
) -> str:
    """Return a digest of what decides how many steps a method has.

    Args:
        own: the method at a scale.
        reference: whose seconds it shall have.
        regimes: that both are trained in.
    """
    same: dict[str, Any] = {name: getattr(TrainingConfig(), name) for name in TAKE_NO_TIME}
    methods = [replace(one, training=replace(one.training, **same)) for one in (own, reference)]
    return digest([*methods, *(item.train for item in regimes)])


def with_equal_seconds(
    variants: Sequence[Variant],
    reference_of: Callable[[Variant], Variant],
    regimes: Sequence[RegimeConfig],
    scales: Sequence[int],
    path: Path,
    where: str,
) -> tuple[tuple[Variant, ...], EqualSeconds | None]:
    """Return a study's variants with their own joint steps, and where those are from.

    References keep theirs. No variants need no file.

    Args:
        variants: of the study.
        reference_of: from a variant to the one whose seconds it shall have.
        regimes: of the study.
        scales: of the study.
        path: `seconds_file` of the study.
        where: what to call the study in messages.

    Raises:
        UserError: a method's steps are not in the file, or were found for other settings.
    """
    if not variants:
        return (), None
    known = read_seconds(path) or EqualSeconds(machine="", torch="", methods=())
    found = []
    for one in variants:
        other, steps = reference_of(one), dict[int, int]()
        for scale in scales:
            own = one.settings_at(scale)
            settings = settings_digest(own, other.settings_at(scale), regimes)
            entry = known.at(one.name, scale, settings)
            if entry is None:
                raise UserError(
                    f"{where}: equal: seconds: {path} has no joint steps for {one.name} at "
                    f"x{scale} with these settings: run dasr equal-seconds --write with this "
                    "study's --configfile and --config"
                )
            steps[scale] = entry.joint_steps
        found.append(_with_joint_steps(one, steps, f"{path}: {one.name}"))
    return tuple(found), known


def _with_joint_steps(variant: Variant, steps: Mapping[int, int], where: str) -> Variant:
    """Return a variant whose epochs of the joint stage have the length that gives the steps."""
    at_scale = dict(variant.at_scale)
    for scale, number in steps.items():
        settings = variant.settings_at(scale)
        training = settings.training
        if number == training.of_stage("joint").total_steps:
            continue
        length, rest = divmod(number, training.joint_epochs)
        if rest:
            raise UserError(
                f"{where}: x{scale}: joint_steps {number} are no multiple of joint_epochs "
                f"{training.joint_epochs}"
            )
        own = replace(training, joint_steps_per_epoch=length)
        at_scale[scale] = replace(settings, training=own)
    return replace(variant, at_scale=at_scale)

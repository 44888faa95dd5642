"""Variants that have another method's arithmetic: what sizes of their model that takes.

FLOPs are counted by `dasr.architectures`, which needs torch; `dasr equal-flops` does it once
per model and scale and writes the sizes into the variant's file, where planning reads them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dasr.config.architectures import AnyModelConfig
from dasr.config.checks import require
from dasr.config.degradation import SCALES
from dasr.config.models.base import ModelConfig

FLOPS_TOLERANCE = 0.02
"""FLOPs are equal if they differ by at most this part of the other method's: one feature more
or less changes those of the default study's networks by 6 %."""
MAX_VARIED = 2


@dataclass(frozen=True, kw_only=True)
class SizesOfModel:
    """The sizes that one of the studies' models takes."""

    model: AnyModelConfig
    """The study's `model`, as study file, budget and default study give it together."""
    by_scale: dict[int, dict[str, int]]
    """By scale: what is set in the variant's model. One number seldom serves all scales: the
    last layers, whose arithmetic depends on the scale, are not what the variant leaves out."""

    def __post_init__(self) -> None:
        """Refuse scales that nobody has and sizes that set nothing."""
        require(len(self.by_scale) > 0, "by_scale is empty")
        for scale, sizes in self.by_scale.items():
            require(scale in SCALES, f"by_scale: {scale} not in {list(SCALES)}")
            require(len(sizes) > 0, f"by_scale: {scale}: sets nothing")


@dataclass(frozen=True, kw_only=True)
class EqualFlops:
    """That a variant has the FLOPs of another method, within `FLOPS_TOLERANCE`."""

    to: str
    """The other method: the stem of a file in ablations/."""
    vary: tuple[str, ...]
    """Keys of the variant's model that may be changed: the first as little as needed; where
    no value of it is near enough, the second too, by as little as needed."""
    sizes: tuple[SizesOfModel, ...] = ()
    """What `dasr equal-flops` found."""

    def __post_init__(self) -> None:
        """Refuse nothing to vary, and two answers for one model and scale."""
        require(
            0 < len(self.vary) <= MAX_VARIED and len(set(self.vary)) == len(self.vary),
            f"vary: one or two different keys of the model, got {list(self.vary)}",
        )
        known: list[tuple[ModelConfig, int]] = []
        for entry in self.sizes:
            for scale, values in entry.by_scale.items():
                require(
                    (entry.model, scale) not in known,
                    f"sizes: the same model is there twice for x{scale}",
                )
                known.append((entry.model, scale))
                strange = sorted(set(values) - set(self.vary))
                require(not strange, f"sizes: {strange} not in vary {list(self.vary)}")

    def at(self, model: ModelConfig, scale: int) -> dict[str, int] | None:
        """Return what is set in the variant's model for a study's; None if it is not known."""
        for entry in self.sizes:
            if entry.model == model and scale in entry.by_scale:
                return entry.by_scale[scale]
        return None

    def unknown(self, model: ModelConfig, scales: Iterable[int]) -> list[int]:
        """Return the scales at which the sizes for a study's model are not known."""
        return [scale for scale in scales if self.at(model, scale) is None]

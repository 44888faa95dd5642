"""Parts of networks that are trained in stages of their own, before the network as a whole."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class PartConfig:
    """Base of the parts' configurations: all that decides a part, whatever network it is of.

    Networks that agree in it, and in what else decides a stage, share one trained part.
    """

    BUILT_BY: ClassVar[str]
    """Name of the module of dasr.architectures whose `build_part` builds it."""
    part: str
    """Name in `PARTS`; each part sets its own as the default."""


@dataclass(frozen=True, kw_only=True)
class PartTraining:
    """How a part's stage is trained; everything else is as in the joint stage."""

    epochs: int
    learning_rate: float
    decay_epochs: int
    """With schedule "step": the learning rate halves every so many epochs."""

    def __post_init__(self) -> None:
        """Refuse a stage that trains nothing."""
        for name in ("epochs", "learning_rate", "decay_epochs"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive")

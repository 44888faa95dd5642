"""Contrastive learning of the degradation (paper, section 3.1)."""

from dataclasses import dataclass
from typing import Literal

from dasr.config.checks import require


@dataclass(frozen=True, kw_only=True)
class ContrastiveConfig:
    """Contrastive learning of the degradation (paper, section 3.1); the defaults are MoCo's."""

    enabled: bool = True
    """Whether there is any: without it there is neither an encoder stage nor a term in the
    joint stage, and an encoder learns from L1 alone."""
    weight: float = 1.0
    """Weight of the contrastive loss beside L1 in the joint stage; 0 removes it there. The
    encoder stage has no other loss."""
    temperature: float = 0.07
    negatives: Literal["queue", "batch"] = "queue"
    """"queue" is the paper's: keys of earlier steps by a key encoder that follows slowly.
    "batch" (not in the paper): the other images of the step, by the encoder itself."""
    momentum: float | None = 0.999
    """Momentum of the key encoder; null where negatives come from the batch."""
    queue_size: int | None = 8192
    """Number of keys in the queue, a multiple of the batch size; null with the batch."""
    positives: Literal["same_image", "other_image"] = "same_image"
    """Where a query's positive is cut from: its own image, as in the paper, or (not in the
    paper) another image of the step, degraded alike, so that contents cannot tell it."""
    hard_negatives: int = 0
    """Negatives of a query beside the others, not in the paper: further patches of its own
    image, each under a degradation of its own, so that contents do not help."""
    joint_patches: Literal["shared", "own"] = "shared"
    """What the term of the joint stage looks at: the patches that L1 does, as in the paper, or
    (not in the paper) batches of its own, drawn as the encoder stage draws them."""

    def __post_init__(self) -> None:
        """Refuse values outside their mathematical range, and those that nothing reads."""
        require(self.weight >= 0, "weight must be at least 0")
        require(self.temperature > 0, "temperature must be positive")
        require(self.hard_negatives >= 0, "hard_negatives must be at least 0")
        for name in ("momentum", "queue_size"):
            require(
                (getattr(self, name) is not None) == (self.negatives == "queue"),
                f"{name} {getattr(self, name)} with negatives {self.negatives!r}: a queue "
                "needs it, and nothing else reads it: set it to null there",
            )
        require(self.momentum is None or 0 <= self.momentum < 1, "momentum must be in [0, 1)")
        require(self.queue_size is None or self.queue_size > 0, "queue_size must be positive")

    def negatives_of_query(self, batch_size: int) -> int:
        """Return how many negatives a query has, in a step of `batch_size` images."""
        others = batch_size - 1 if self.queue_size is None else self.queue_size
        return others + self.hard_negatives

    @property
    def has_term(self) -> bool:
        """Whether a stage with these settings has a contrastive loss."""
        return self.enabled and self.weight > 0

    @property
    def shares_patches(self) -> bool:
        """Whether that loss looks at the patches that the stage's other losses look at."""
        return self.has_term and self.joint_patches == "shared"

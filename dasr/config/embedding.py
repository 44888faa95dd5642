"""Which representations a study looks at, as its file says it."""

from dataclasses import dataclass

from dasr.config.checks import require
from dasr.config.degradation import ClassesConfig

MAX_SEED = 2**32 - 1
"""The largest that NumPy's and scikit-learn's generators take."""


@dataclass(frozen=True, kw_only=True)
class EmbeddingConfig(ClassesConfig):
    """Which representations are clustered, of what, and how."""

    crop_size: int = 48
    """Side in LR pixels of the test crops that are embedded."""
    crops_per_image: int = 12
    perplexity: float | tuple[float, ...] = 30.0
    """Of t-SNE; each of several has a figure of its own, and the first is that of all other
    figures."""
    seed: int = 0
    """Seed of t-SNE, k-means and the test noise of the crops."""

    def __post_init__(self) -> None:
        """Refuse classes as `ClassesConfig` does, no crops, and seeds out of range."""
        super().__post_init__()
        require(self.crop_size > 0, "crop_size must be positive")
        require(self.crops_per_image > 0, "crops_per_image must be positive")
        found = self.perplexities
        require(len(found) > 0, "perplexity is empty")
        require(min(found) > 0, "perplexity must be positive")
        require(len(set(found)) == len(found), "perplexity: a value is there twice")
        require(
            0 <= self.seed <= MAX_SEED,
            f"seed {self.seed} must be in 0..{MAX_SEED}, as t-SNE and k-means want it",
        )

    @property
    def perplexities(self) -> tuple[float, ...]:
        """All perplexities, in the order of the file."""
        return self.perplexity if isinstance(self.perplexity, tuple) else (self.perplexity,)

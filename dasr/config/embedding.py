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
    perplexity: float = 30.0
    """Of t-SNE."""
    seed: int = 0
    """Seed of t-SNE, k-means and the test noise of the crops."""

    def __post_init__(self) -> None:
        """Refuse classes as `ClassesConfig` does, no crops, and seeds out of range."""
        super().__post_init__()
        require(self.crop_size > 0, "crop_size must be positive")
        require(self.crops_per_image > 0, "crops_per_image must be positive")
        require(self.perplexity > 0, "perplexity must be positive")
        require(
            0 <= self.seed <= MAX_SEED,
            f"seed {self.seed} must be in 0..{MAX_SEED}, as t-SNE and k-means want it",
        )

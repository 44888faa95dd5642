"""Which representations a study looks at, as its file says it."""

from dataclasses import dataclass

from dasr.config.checks import require
from dasr.config.degradation import Kernel, require_noise_levels, require_widths

MAX_SEED = 2**32 - 1
"""The largest that NumPy's and scikit-learn's generators take."""


@dataclass(frozen=True, kw_only=True)
class EmbeddingConfig:
    """Which representations are clustered (paper, Figs. 3 and 6)."""

    kernel_widths: tuple[float, ...] = (0.2, 1.2, 2.4, 3.6)
    """Classes of the kernel-width task, at `fixed_noise_level`."""
    fixed_noise_level: float = 0.0
    noise_levels: tuple[float, ...] = (0.0, 5.0, 10.0, 15.0)
    """Classes of the noise-level task, at `fixed_kernel_width`; the task exists only in
    regimes that train with noise."""
    fixed_kernel_width: float = 1.2
    kernels: tuple[tuple[float, float, float], ...] = ()
    """Classes of the kernel task, at `fixed_noise_level`: lambda_1, lambda_2 and theta in
    degrees; the task exists only in regimes that train with anisotropic kernels."""
    crop_size: int = 48
    """Side in LR pixels of the test crops that are embedded."""
    crops_per_image: int = 12
    perplexity: float = 30.0
    """Of t-SNE."""
    seed: int = 0
    """Seed of t-SNE, k-means and the test noise of the crops."""

    def __post_init__(self) -> None:
        """Refuse tasks with fewer than two classes, and values out of range."""
        require_widths("kernel_widths", *self.kernel_widths)
        require_widths("fixed_kernel_width", self.fixed_kernel_width)
        require_noise_levels("noise_levels", *self.noise_levels)
        require_noise_levels("fixed_noise_level", self.fixed_noise_level)
        require(len(set(self.kernel_widths)) > 1, "kernel_widths: needs two classes")
        require(len(set(self.noise_levels)) > 1, "noise_levels: needs two classes")
        require(len(set(self.kernels)) != 1, "kernels: needs two classes")
        self.kernel_classes()
        require(self.crop_size > 0, "crop_size must be positive")
        require(self.crops_per_image > 0, "crops_per_image must be positive")
        require(self.perplexity > 0, "perplexity must be positive")
        require(
            0 <= self.seed <= MAX_SEED,
            f"seed {self.seed} must be in 0..{MAX_SEED}, as t-SNE and k-means want it",
        )

    def kernel_classes(self) -> tuple[Kernel, ...]:
        """Return the classes of the kernel task."""
        return tuple(Kernel(lambda_1=a, lambda_2=b, theta_deg=t) for a, b, t in self.kernels)

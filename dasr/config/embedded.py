"""What is embedded of test images: which crops, under which degradations."""

import math
from dataclasses import dataclass

from dasr.config.checks import require
from dasr.config.degradation import (
    Degradation,
    Kernel,
    require_noise_levels,
    require_widths,
)
from dasr.config.regime import DegradationConfig
from dasr.terms.tasks import KERNEL, KERNEL_WIDTH, NOISE_LEVEL, Task

MAX_SEED = 2**32 - 1
"""The largest that NumPy's and scikit-learn's generators take."""


@dataclass(frozen=True, kw_only=True)
class RepresentationConfig:
    """What every network of a regime is asked for: representations of test crops."""

    classes: dict[str, tuple[Degradation, ...]]
    """The degradations that are the classes of each task, by the task's name."""
    crop_size: int
    """Side of a crop in LR pixels."""
    crops_per_image: int
    seed: int
    """Of the noise."""


@dataclass(frozen=True, kw_only=True)
class ClusteringConfig:
    """How representations are looked at."""

    perplexity: float
    """Of t-SNE."""
    seed: int
    """Of t-SNE and k-means."""


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

    def classes(self, trained_on: DegradationConfig) -> dict[str, tuple[Degradation, ...]]:
        """Return the degradations that are each task's classes, by the task's name.

        Without noise in training there is no noise-level task, and without anisotropic blur
        no kernel task: the encoder never saw any.
        """

        def made(kernel: Kernel, noise_level: float) -> Degradation:
            return Degradation(
                kernel=kernel, noise_level=noise_level, downsample=trained_on.downsample
            )

        widths, level = map(Kernel.of_width, self.kernel_widths), self.fixed_noise_level
        found = {KERNEL_WIDTH.name: tuple(made(kernel, level) for kernel in widths)}
        if trained_on.noise_level[1] > 0:
            fixed = Kernel.of_width(self.fixed_kernel_width)
            found[NOISE_LEVEL.name] = tuple(made(fixed, each) for each in self.noise_levels)
        if trained_on.blur == "anisotropic" and self.kernels:
            found[KERNEL.name] = tuple(made(each, level) for each in self.kernel_classes())
        return found

    def representations(self, trained_on: DegradationConfig) -> RepresentationConfig:
        """Return what the networks that train on some degradations are asked for."""
        return RepresentationConfig(
            classes=self.classes(trained_on),
            crop_size=self.crop_size,
            crops_per_image=self.crops_per_image,
            seed=self.seed,
        )

    def clustering(self) -> ClusteringConfig:
        """Return how their representations are looked at."""
        return ClusteringConfig(perplexity=self.perplexity, seed=self.seed)


def class_label(task: Task, degradation: Degradation, number: int) -> float:
    """Return what a class is called in arrays.

    Args:
        task: its quantity is the label where classes have an order.
        degradation: the class.
        number: of the class among its task's, the label where they have none.
    """
    return float(degradation.keys()[task.name]) if task.ordered else float(number)


def crop_corners(height: int, width: int, size: int, count: int) -> list[tuple[int, int]]:
    """Return row and column of evenly spread square crops.

    There are fewer than `count` on a small image: corners coincide there, and a crop must
    not count twice.

    Args:
        height: of the LR image, in pixels; at least `size`.
        width: of the LR image.
        size: side of a crop.
        count: how many crops are wanted.
    """
    columns = max(1, round(math.sqrt(count * width / height)))
    rows = math.ceil(count / columns)
    ys, xs = _spread(height - size, rows), _spread(width - size, columns)
    return [(y, x) for y in ys for x in xs][:count]


def _spread(last: int, count: int) -> list[int]:
    """Return at most `count` whole numbers from 0 to `last`, evenly spread, all different."""
    step = last / (count - 1) if count > 1 else 0.0
    return sorted({round(number * step) for number in range(count)})

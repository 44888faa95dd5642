"""What is embedded of test images: which crops, under which degradations."""

from dataclasses import dataclass
from typing import Any

from dasr.config.degradation import ClassesConfig, Degradation, DegradationConfig
from dasr.config.embedding import EmbeddingConfig
from dasr.config.kernel import Kernel
from dasr.terms.quantities import QUANTITIES
from dasr.terms.tasks import KERNEL, KERNEL_WIDTH, Task


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

    perplexities: tuple[float, ...]
    """Of t-SNE."""
    seed: int
    """Of t-SNE, k-means, permuted labels and resampled images."""


def classes(
    config: ClassesConfig, trained_on: DegradationConfig
) -> dict[str, tuple[Degradation, ...]]:
    """Return the degradations that are each task's classes, by the task's name.

    Without noise in training there is no noise-level task, and without anisotropic blur
    no kernel task: the encoder never saw any.
    """
    seen = trained_on.seen()
    fixed = {
        one.name: getattr(config, one.fixed)
        for one in QUANTITIES
        if one in seen or not one.optional
    }

    def made(kernel: Kernel, **values: Any) -> Degradation:
        return Degradation(
            kernel=kernel, downsample=trained_on.downsample, **{**fixed, **values}
        )

    kernel = Kernel.of_width(config.fixed_kernel_width)
    found = {KERNEL_WIDTH.name: tuple(made(Kernel.of_width(w)) for w in config.kernel_widths)}
    for one in seen:
        values = getattr(config, one.values)
        found[one.name] = tuple(made(kernel, **{one.name: value}) for value in values)
    if trained_on.blur == "anisotropic" and config.kernels:
        found[KERNEL.name] = tuple(made(each) for each in config.kernel_classes())
    return found


def representations(
    config: EmbeddingConfig, trained_on: DegradationConfig
) -> RepresentationConfig:
    """Return what the networks that train on some degradations are asked for."""
    return RepresentationConfig(
        classes=classes(config, trained_on),
        crop_size=config.crop_size,
        crops_per_image=config.crops_per_image,
        seed=config.seed,
    )


def clustering(config: EmbeddingConfig) -> ClusteringConfig:
    """Return how their representations are looked at."""
    return ClusteringConfig(perplexities=config.perplexities, seed=config.seed)


def class_label(task: Task, degradation: Degradation, number: int) -> float:
    """Return what a class is called in arrays.

    Args:
        task: its quantity is the label where classes have an order.
        degradation: the class.
        number: of the class among its task's, the label where they have none.
    """
    return float(degradation.keys()[task.name]) if task.ordered else float(number)

"""What is embedded of test images: which crops, under which degradations."""

import math

from dasr.config.regime import DegradationConfig, Kernel
from dasr.config.schema import EmbeddingConfig


def crop_places(height: int, width: int, size: int, count: int) -> list[tuple[int, int]]:
    """Return row and column of evenly spread square crops.

    There are fewer than `count` on a small image: places coincide there, and a crop must
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


def tasks(
    config: EmbeddingConfig, trained_on: DegradationConfig
) -> dict[str, list[tuple[float, Kernel, float]]]:
    """Return label, kernel and noise level of each class, by task.

    Without noise in training there is no noise-level task, and without anisotropic blur no
    kernel task: the encoder never saw any.
    """

    def isotropic(width: float) -> Kernel:
        return Kernel(lambda_1=width, lambda_2=width)

    widths = [(w, isotropic(w), config.fixed_noise_level) for w in config.kernel_widths]
    found = {"kernel_width": widths}
    if trained_on.noise_level[1] > 0:
        kernel = isotropic(config.fixed_kernel_width)
        found["noise_level"] = [(level, kernel, level) for level in config.noise_levels]
    if trained_on.blur == "anisotropic" and config.kernels:
        found["kernel"] = [
            (float(place), kernel, config.fixed_noise_level)
            for place, kernel in enumerate(config.kernel_classes())
        ]
    return found


def _spread(last: int, count: int) -> list[int]:
    """Return at most `count` whole numbers from 0 to `last`, evenly spread, all different."""
    step = last / (count - 1) if count > 1 else 0.0
    return sorted({round(number * step) for number in range(count)})

"""What is embedded, and where crops are cut: as NumPy spreads points, without NumPy."""

import math

import numpy as np

from dasr.config import Degradation, DegradationConfig, EmbeddingConfig, Kernel
from dasr.config.crops import crop_corners
from dasr.config.embedded import class_label, classes
from dasr.terms.tasks import TASKS


def _by_numpy(height: int, width: int, size: int, count: int) -> list[tuple[int, int]]:
    columns = max(1, round(math.sqrt(count * width / height)))
    rows = math.ceil(count / columns)
    ys = np.unique(np.linspace(0, height - size, rows).round().astype(int))
    xs = np.unique(np.linspace(0, width - size, columns).round().astype(int))
    return [(int(y), int(x)) for y in ys for x in xs][:count]


def test_corners_are_those_of_linspace() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        size, count = (int(number) for number in rng.integers(1, 50, 2))
        height, width = (size + int(number) for number in rng.integers(0, 200, 2))
        expected = _by_numpy(height, width, size, count)
        assert crop_corners(height, width, size, count) == expected


def test_an_image_as_small_as_a_crop_has_one() -> None:
    assert crop_corners(48, 48, 48, 12) == [(0, 0)]


def test_tasks_follow_the_training() -> None:
    config = EmbeddingConfig(
        kernel_widths=(0.2, 3.6),
        fixed_noise_level=5.0,
        noise_levels=(0.0, 15.0),
        fixed_kernel_width=1.2,
    )
    clean = DegradationConfig(kernel_width={4: (0.2, 4.0)})
    noisy = DegradationConfig(kernel_width={4: (0.2, 4.0)}, noise_level=(0.0, 25.0))
    narrow, fixed, wide = (Kernel.of_width(width) for width in (0.2, 1.2, 3.6))
    widths = tuple(Degradation(kernel=kernel, noise_level=5.0) for kernel in (narrow, wide))
    assert classes(config, clean) == {"kernel_width": widths}
    assert classes(config, noisy) == {
        "kernel_width": widths,
        "noise_level": (
            Degradation(kernel=fixed),
            Degradation(kernel=fixed, noise_level=15.0),
        ),
    }


def test_kernels_are_a_task_where_training_saw_them() -> None:
    config = EmbeddingConfig(kernels=((2.0, 1.0, 10.0), (4.0, 1.5, 120.0)))
    widths = {4: (0.2, 4.0)}
    trained_on = DegradationConfig(blur="anisotropic", kernel_width=widths, downsample="s-fold")
    found = classes(config, trained_on)
    assert list(found) == ["kernel_width", "kernel"]
    assert [one.kernel.label for one in found["kernel"]] == ["2,1,10deg", "4,1.5,120deg"]
    assert {one.noise_level for one in found["kernel"]} == {config.fixed_noise_level}
    assert {one.downsample for one in found["kernel"]} == {"s-fold"}
    assert "kernel" not in classes(config, DegradationConfig(kernel_width=widths))


def test_classes_with_an_order_are_labelled_by_their_quantity() -> None:
    one = Degradation(kernel=Kernel.of_width(1.2), noise_level=5.0, jpeg_quality=60)
    labels = {name: class_label(task, one, number=3) for name, task in TASKS.items()}
    assert labels == {
        "kernel_width": 1.2,
        "noise_level": 5.0,
        "jpeg_quality": 60.0,
        "kernel": 3.0,
    }

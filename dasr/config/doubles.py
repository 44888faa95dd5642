"""Lists of degradations in which one is there twice, in words or in effect."""

from collections.abc import Sequence

from dasr.config.degradation import ClassesConfig, GridConfig
from dasr.config.kernel import Kernel
from dasr.terms.quantities import FIRST_PASS, QUANTITIES


def same_numbers(values: Sequence[float], key: str) -> list[str]:
    """Return a line if two numbers are the same as they are written, to six digits."""
    return _twice([(f"{value:g}", f"{value!r}") for value in values], key)


def same_passes(grid: GridConfig, key: str) -> list[str]:
    """Return a line if two first passes do the same."""
    labels = [one.label for one in grid.first_passes]
    return _twice([(label, label) for label in labels], f"{key}: {FIRST_PASS.values}")


def same_values(lists: GridConfig | ClassesConfig, key: str) -> list[str]:
    """Return a line for each quantity of which two values are the same."""
    return [
        line
        for one in QUANTITIES
        for line in same_numbers(getattr(lists, one.values), f"{key}: {one.values}")
    ]


def same_kernels(kernels: Sequence[Kernel], key: str) -> list[str]:
    """Return a line if two kernels are the same, or have the same label."""
    by_shape = _twice([(_shape(kernel), kernel.label) for kernel in kernels], key)
    return by_shape or _twice([(kernel.label, kernel.label) for kernel in kernels], key)


def _shape(kernel: Kernel) -> str:
    """Return what a kernel looks like: half a turn, or both axes swapped, changes nothing."""
    wide, narrow, theta = kernel.lambda_1, kernel.lambda_2, kernel.theta_deg
    if wide < narrow:
        wide, narrow, theta = narrow, wide, theta + 90
    turn = 0.0 if wide == narrow else round(theta, 6) % 180
    return f"{wide:g} {narrow:g} {turn:g}"


def _twice(items: Sequence[tuple[str, str]], key: str) -> list[str]:
    """Return a line if an item is there twice.

    Args:
        items: what makes an item the same as another, and how it is called.
        key: of the configuration, where the items stand.
    """
    first: dict[str, str] = {}
    for value, name in items:
        if value in first:
            same = f"{name} twice" if first[value] == name else f"{first[value]} and {name}"
            return [f"{key}: {same}: each degradation can be there only once"]
        first[value] = name
    return []

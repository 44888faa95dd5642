"""Degradations: one as a value, and those that are trained on, tested and told apart.

A value is blur kernel, reduction and noise (paper, section 4.1), JPEG compression, and what
came before all of that (`dasr.config.first_pass`). Test grids, classes of representations,
examples and the command line hold it; what is computed from it takes batches of it
(`dasr.degradation`). Each of `QUANTITIES` has a field in every class here, named by its
record; checks, grids, classes and options are made of those.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Literal

from dasr.config.checks import require, require_range, require_values
from dasr.config.first_pass import FirstPass, FirstPassConfig, Range
from dasr.config.kernel import Kernel, require_widths
from dasr.config.strict import ADDED
from dasr.terms.quantities import FACTORS, FIRST_PASS, QUANTITIES, Factor, Quantity

Reduction = Literal["bicubic", "s-fold"]
"""How an image becomes smaller; "s-fold" keeps every scale-th pixel."""
SCALES = (2, 3, 4)


def require_whole_factor(downsample: Reduction, resizes: bool) -> None:
    """Raise ValueError if a first pass leaves sizes that a reduction cannot serve."""
    require(
        downsample != "s-fold" or not resizes,
        "first_pass: resize with downsample: s-fold, which keeps every scale-th pixel: the "
        "first pass would leave sizes that are no multiples of the scale",
    )


@dataclass(frozen=True, kw_only=True)
class Degradation:
    """What an HR image goes through: a first pass, blur, reduction, noise, compression."""

    kernel: Kernel
    noise_level: float = field(
        default=0.0,
        metadata={
            "type": float,
            "help": "standard deviation in grey levels of 0..255, at most 127.5",
        },
    )
    """Standard deviation of the noise in grey levels of 0..255."""
    downsample: Reduction = "bicubic"
    jpeg_quality: int | None = field(
        default=None,
        metadata={"type": int, "help": "compress after the noise: 1 to 95, larger is better"},
    )
    """Of the compressed LR image; None for no compression."""
    first_pass: FirstPass | None = field(default=None, metadata=ADDED)
    """Before the blur; widths of the kernel are then in pixels of what it leaves."""

    def __post_init__(self) -> None:
        """Refuse noise that no 8-bit image can have, and qualities that JPEG has not."""
        one = self.first_pass
        require_whole_factor(self.downsample, one is not None and one.resize != 1)
        for quantity in QUANTITIES:
            if (value := getattr(self, quantity.name)) is not None:
                require_values(quantity, quantity.name, value)

    def quantities(self) -> dict[str, float]:
        """Return the value of each of `QUANTITIES` that it has, by name."""
        values = {one.name: getattr(self, one.name) for one in QUANTITIES}
        return {name: float(value) for name, value in values.items() if value is not None}

    def factors(self) -> dict[str, float | str]:
        """Return the value of each of `FACTORS` that it has, by name, as rows have it."""
        first = {} if self.first_pass is None else {FIRST_PASS.name: self.first_pass.label}
        return {**first, **self.quantities()}

    def keys(self) -> dict[str, str | float]:
        """Return its columns in rows: `dasr.terms.columns.DEGRADATION`, and optional ones."""
        kernel = self.kernel
        return {
            "kernel": kernel.label,
            "kernel_width": kernel.lambda_1 if kernel.isotropic else float("nan"),
            "lambda_1": kernel.lambda_1,
            "lambda_2": kernel.lambda_2,
            "theta_deg": kernel.theta_deg,
            **self.factors(),
        }

    @property
    def label(self) -> str:
        """What people read: "width 2.4, noise 10" or "kernel 2, 0.2, 30°, noise 0"."""
        shape, values = "width" if self.kernel.isotropic else "kernel", self.factors()
        texts = [one.text(values[one.name]) for one in FACTORS if one.name in values]
        return ", ".join([f"{shape} {self.kernel.text}", *texts])

    @property
    def noise_seed(self) -> str:
        """What the seed of the noise depends on: all that tells cells of a grid apart.

        A first pass that does nothing leaves the noise as it is without one.
        """
        first = self.first_pass
        before = [f"after {first.label}"] if first is not None and first.acts else []
        values = (f"{one:g}" for one in self.quantities().values())
        return "/".join([*before, self.kernel.label, *values])


@dataclass(frozen=True, kw_only=True)
class DegradationConfig:
    """The degradations that networks train on (paper, section 4.1)."""

    blur: Literal["isotropic", "anisotropic"] = "isotropic"
    kernel_width: dict[int, Range]
    """Range of the Gaussian's standard deviation in HR pixels, by scale; [0, 0] is no blur."""
    noise_level: Range = (0.0, 0.0)
    """Range of the noise's standard deviation, in grey levels of 0..255."""
    downsample: Reduction = "bicubic"
    jpeg_quality: tuple[int, int] | None = None
    """Range of the JPEG quality, 1 to 95; null for no compression."""
    first_pass: FirstPassConfig | None = field(default=None, metadata=ADDED)
    """What is drawn of a first pass; null for none."""

    def __post_init__(self) -> None:
        """Refuse empty and negative ranges, and those beyond kernel and grey levels."""
        require(len(self.kernel_width) > 0, "kernel_width is empty")
        for scale, (low, high) in self.kernel_width.items():
            require(scale in SCALES, f"kernel_width: scale {scale} not in {list(SCALES)}")
            require(
                0 < low <= high or low == high == 0,
                f"kernel_width: needs 0 < low <= high, or 0, 0 for no blur, got {low}, {high}",
            )
            require_widths("kernel_width", high)
        for quantity in QUANTITIES:
            if (span := getattr(self, quantity.name)) is not None:
                require_range(quantity, quantity.name, *span)
        first = self.first_pass
        require_whole_factor(self.downsample, first is not None and first.resizes)

    def without_corruption(self) -> "DegradationConfig":
        """Return it without what becomes of an image after its reduction."""
        nothing = {one.name: None if one.optional else (0.0, 0.0) for one in QUANTITIES}
        return replace(self, **nothing)  # type: ignore[arg-type]

    def seen(self) -> tuple[Quantity, ...]:
        """Return the quantities that networks see in training: e.g. noise, if there is any."""
        ranges = ((one, getattr(self, one.name)) for one in QUANTITIES)
        return tuple(one for one, span in ranges if span is not None and span[1] > 0)

    @property
    def varies(self) -> bool:
        """Whether no two images need go through the same at some scale."""
        spans = [*self.kernel_width.values(), *(getattr(self, one.name) for one in QUANTITIES)]
        return any(span is not None and span[0] < span[1] for span in spans)


@dataclass(frozen=True, kw_only=True)
class GridConfig:
    """The degradations that networks are tested on: kernels x all that is beside them."""

    kernel_widths: dict[int, tuple[float, ...]] = field(default_factory=dict)
    """Isotropic widths, by scale; 0 is no blur."""
    kernels: tuple[tuple[float, float, float], ...] = ()
    """Anisotropic kernels: lambda_1, lambda_2, theta in degrees."""
    noise_levels: tuple[float, ...] = (0.0,)
    jpeg_qualities: tuple[int, ...] = ()
    """Of compression after the noise; none for no compression."""
    first_passes: tuple[FirstPass, ...] = field(default=(), metadata=ADDED)
    """Before the blur; none for degradations of one pass. `{}` is a pass that does nothing."""

    def __post_init__(self) -> None:
        """Refuse an empty list of noise levels, and levels and widths out of range."""
        for quantity in QUANTITIES:
            values = getattr(self, quantity.values)
            require(quantity.optional or len(values) > 0, f"{quantity.values} is empty")
            require_values(quantity, quantity.values, *values)
        for scale in self.kernel_widths:
            self.at_scale(scale)

    def at_scale(self, scale: int) -> tuple[Kernel, ...]:
        """Return the kernels to test at a scale, isotropic ones first."""
        widths = self.kernel_widths.get(scale, ())
        isotropic = [Kernel.of_width(width) for width in widths]
        general = [Kernel(lambda_1=a, lambda_2=b, theta_deg=t) for a, b, t in self.kernels]
        return (*isotropic, *general)

    def conditions(self) -> Iterator[dict[str, Any]]:
        """Yield what each kernel is tested with: `FACTORS` by name, None for one less."""
        lists = [getattr(self, one.values) or (None,) for one in FACTORS]
        for values in product(*lists):
            yield {one.name: value for one, value in zip(FACTORS, values, strict=True)}


@dataclass(frozen=True, kw_only=True)
class ClassesConfig:
    """The degradations that representations are to tell apart (paper, Figs. 3 and 6).

    Each of `QUANTITIES` is a task, in regimes that train with it. Its classes are at
    `fixed_kernel_width` and at the fixed values of the others.
    """

    kernel_widths: tuple[float, ...] = (0.2, 1.2, 2.4, 3.6)
    """Classes of the kernel-width task."""
    kernels: tuple[tuple[float, float, float], ...] = ()
    """Classes of the kernel task: lambda_1, lambda_2 and theta in degrees; the task exists
    only in regimes that train with anisotropic kernels."""
    fixed_kernel_width: float = 1.2
    noise_levels: tuple[float, ...] = (0.0, 5.0, 10.0, 15.0)
    fixed_noise_level: float = 0.0
    jpeg_qualities: tuple[int, ...] = (30, 50, 70, 90)
    fixed_jpeg_quality: int = 75
    """Used in regimes that train with compression alone."""

    def __post_init__(self) -> None:
        """Refuse tasks with fewer than two classes, and values out of range."""
        require_widths("kernel_widths", *self.kernel_widths)
        require_widths("fixed_kernel_width", self.fixed_kernel_width)
        require(len(set(self.kernel_widths)) > 1, "kernel_widths: needs two classes")
        require(len(set(self.kernels)) != 1, "kernels: needs two classes")
        for quantity in QUANTITIES:
            values = getattr(self, quantity.values)
            require_values(quantity, quantity.values, *values)
            require_values(quantity, quantity.fixed, getattr(self, quantity.fixed))
            require(len(set(values)) > 1, f"{quantity.values}: needs two classes")
        self.kernel_classes()

    def kernel_classes(self) -> tuple[Kernel, ...]:
        """Return the classes of the kernel task."""
        return tuple(Kernel(lambda_1=a, lambda_2=b, theta_deg=t) for a, b, t in self.kernels)


def levels(lists: Any, factor: Factor) -> list[float | str]:
    """Return the values of a factor in a test grid or a claim, as rows have them."""
    values = getattr(lists, factor.values)
    return [one.label if isinstance(one, FirstPass) else float(one) for one in values]

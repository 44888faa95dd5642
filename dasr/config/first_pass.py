"""First passes: blur, resize, noise and compression before the degradation of the paper.

The classical model of second order (Wang et al., Real-ESRGAN, 2021; Zhang et al., BSRGAN,
2021): what a camera or a web site did to an image before it was degraded once more. Its
resize leaves any size; the second pass blurs that and reduces it to the LR size.
"""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require, require_range, require_values
from dasr.config.kernel import KERNEL_SIZE, Kernel, require_widths
from dasr.terms.quantities import QUANTITIES, Quantity

RESIZE = Quantity(
    name="resize",
    values="resize",
    label="x",
    low=0.1,
    high=2.0,
    reason="beyond which pixels are more than four times as many, and hold nothing new",
)
"""The factor of both sides: below 1 an image becomes smaller."""
NOTHING = "none"
"""Label of a first pass that does nothing. No word for a missing number, as files are read."""
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class FirstPass:
    """One first pass, in the order of its steps; as it stands it does nothing."""

    kernel_width: float = field(
        default=0.0, metadata={"type": float, "help": "HR pixels, at most 5; 0: no blur"}
    )
    """Of an isotropic blur, in HR pixels; 0 is no blur."""
    kernel: tuple[float, float, float] | None = field(
        default=None,
        metadata={
            "type": float,
            "nargs": 3,
            "metavar": ("LAMBDA_1", "LAMBDA_2", "THETA"),
            "help": "widths in HR pixels and angle in degrees",
        },
    )
    """In its place an anisotropic blur: lambda_1, lambda_2, theta in degrees."""
    resize: float = field(
        default=1.0, metadata={"type": float, "help": "factor of both sides, 0.1 to 2"}
    )
    """Factor of both sides, antialiased bicubic, to whole pixels."""
    noise_level: float = field(
        default=0.0, metadata={"type": float, "help": "in grey levels of 0..255, at most 127.5"}
    )
    """Standard deviation in grey levels of 0..255."""
    jpeg_quality: int | None = field(
        default=None,
        metadata={"type": int, "help": "compress after that noise: 1 to 95, larger is better"},
    )
    """1 to 95; null for no compression."""

    def __post_init__(self) -> None:
        """Refuse what the second pass refuses too, and two blurs."""
        require(
            self.kernel is None or self.kernel_width == 0,
            "kernel_width and kernel: a pass has one blur",
        )
        require_values(RESIZE, RESIZE.name, self.resize)
        for one in QUANTITIES:
            if (value := getattr(self, one.name)) is not None:
                require_values(one, one.name, value)
        require_widths("kernel_width", self.kernel_width)
        if self.kernel is not None:
            Kernel(lambda_1=self.kernel[0], lambda_2=self.kernel[1], theta_deg=self.kernel[2])

    @property
    def blur(self) -> Kernel:
        """The blur kernel, of either key."""
        if self.kernel is None:
            return Kernel.of_width(self.kernel_width)
        first, second, theta = self.kernel
        return Kernel(lambda_1=first, lambda_2=second, theta_deg=theta)

    @property
    def acts(self) -> bool:
        """Whether it does anything."""
        return self.label != NOTHING

    @property
    def label(self) -> str:
        """What rows and people read, of what acts alone: "blur 1.2, x0.5, noise 5"."""
        parts = [f"blur {self.blur.text}"] if self.blur.lambda_1 > 0 else []
        parts += [f"{RESIZE.label}{self.resize:g}"] if self.resize != 1 else []
        for one in QUANTITIES:
            value = getattr(self, one.name)
            acts = value is not None if one.optional else value > 0
            parts += [one.text(value)] if acts else []
        return ", ".join(parts) or NOTHING


@dataclass(frozen=True, kw_only=True)
class FirstPassConfig:
    """The first passes that networks train on: ranges, drawn from uniformly."""

    blur: Literal["isotropic", "anisotropic"] = "isotropic"
    kernel_width: Range
    """Of the Gaussian's standard deviation in HR pixels, at every scale; [0, 0] is no blur."""
    resize: Range = (1.0, 1.0)
    """Of the factor of both sides."""
    noise_level: Range = (0.0, 0.0)
    """Of the noise's standard deviation, in grey levels of 0..255."""
    jpeg_quality: tuple[int, int] | None = None
    """Of the JPEG quality, 1 to 95; null for no compression."""

    def __post_init__(self) -> None:
        """Refuse ranges as the second pass does, and one that does nothing."""
        low, high = self.kernel_width
        require(0 <= low <= high, f"kernel_width: needs 0 <= low <= high, got {low}, {high}")
        require_widths("kernel_width", high)
        for one in (RESIZE, *QUANTITIES):
            if (span := getattr(self, one.name)) is not None:
                require_range(one, one.name, *span)
        noisy = self.noise_level[1] > 0
        require(
            high > 0 or self.resizes or noisy or self.jpeg_quality is not None,
            "does nothing: leave it out, or give a range of blur, resize, noise or quality",
        )

    @property
    def resizes(self) -> bool:
        """Whether an image's size may change."""
        return self.resize != (1.0, 1.0)


def require_first_patch(stage: str, side: int, first: FirstPassConfig | None) -> None:
    """Raise ValueError unless a first pass leaves enough of HR patches for the second blur.

    Args:
        stage: whose patches they are.
        side: of a patch in HR pixels.
        first: what is drawn of first passes, if there are any.
    """
    if first is None:
        return
    needed = smallest_side(first.resize[0])
    require(
        side >= needed,
        f"training: HR patches of the {stage} stage have {side} pixels a side: after a first "
        f"pass of {RESIZE.label}{first.resize[0]:g} the blur needs {needed}",
    )


def smallest_side(factor: float) -> int:
    """Return the fewest HR pixels a side that a resize leaves enough of for the blur after it.

    Reflect padding needs more than half of a kernel.
    """
    side = KERNEL_SIZE // 2 + 1
    while resized(side, factor) <= KERNEL_SIZE // 2:
        side += 1
    return side


def resized(side: int, factor: float) -> int:
    """Return how many pixels a resize leaves of a side."""
    return max(1, round(side * factor))

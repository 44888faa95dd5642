"""What a degradation has beside its blur kernel: numbers of what follows, and a first pass."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Factor:
    """What test grids vary beside the kernel: how it is called."""

    name: str
    """In rows and under a regime's `train`."""
    values: str
    """Key of lists of values: of test grids and claims."""
    label: str
    """Before a value, e.g. "noise" in "noise 10"."""
    optional: bool = False
    """Whether degradations can be without it. Rows have its column only where a degradation
    of the study has it, and test grids need no value."""

    def shown(self, value: float | str) -> str:
        """Return a value as people read it: six digits of a number."""
        return value if isinstance(value, str) else f"{value:g}"

    def text(self, value: float | str) -> str:
        """Return what people read, e.g. "noise 10"."""
        return f"{self.label} {self.shown(value)}"


@dataclass(frozen=True, kw_only=True)
class Quantity(Factor):
    """A number of degradations: also the name of the task of telling its values apart.

    `values` is the key of classes of representations too.
    """

    low: float
    high: float
    reason: str
    """Why no value is larger."""

    @property
    def fixed(self) -> str:
        """Key of its value in the classes of other tasks."""
        return f"fixed_{self.name}"

    @property
    def option(self) -> str:
        """Name of its command-line option, e.g. "--noise-level"."""
        return f"--{self.name.replace('_', '-')}"


NOISE_LEVEL = Quantity(
    name="noise_level",
    values="noise_levels",
    label="noise",
    low=0.0,
    high=127.5,  # no values within 0..255 deviate by more than half of their range
    reason="the largest standard deviation of grey levels in 0..255",
)
JPEG_QUALITY = Quantity(
    name="jpeg_quality",
    values="jpeg_qualities",
    label="JPEG quality",
    low=1.0,
    high=95.0,
    reason="above which files grow and images hardly change",
    optional=True,
)
QUANTITIES = (NOISE_LEVEL, JPEG_QUALITY)
"""In the order in which they act."""
FIRST_PASS = Factor(name="first_pass", values="first_passes", label="first pass", optional=True)
"""What happens before the blur kernel acts; in rows the text of `FirstPass.label`."""
FACTORS = (FIRST_PASS, *QUANTITIES)
"""All that test grids cross with kernels, in the order in which it acts."""

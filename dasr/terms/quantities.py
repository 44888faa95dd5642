"""The numbers of a degradation beside its blur kernel: of what follows the reduction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """One such number: how it is called, and what values it can have."""

    name: str
    """In rows and training ranges, and of the task of telling its values apart."""
    values: str
    """Key of lists of values: of test grids, and of classes of representations."""
    label: str
    """Before a value, e.g. "noise" in "noise 10"."""
    low: float
    high: float
    reason: str
    """Why no value is larger."""
    optional: bool = False
    """Whether degradations can be without it. Rows have its column only where a degradation
    of the study has it, and test grids need no value."""

    @property
    def fixed(self) -> str:
        """Key of its value in the classes of other tasks."""
        return f"fixed_{self.name}"

    @property
    def option(self) -> str:
        """Name of its command-line option, e.g. "--noise-level"."""
        return f"--{self.name.replace('_', '-')}"

    def text(self, value: float) -> str:
        """Return what people read, e.g. "noise 10"."""
        return f"{self.label} {value:g}"


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

"""What a representation is asked to tell apart (paper, Figs. 3 and 6)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One property of degradations whose classes are looked for in representations."""

    name: str
    """In rows and files."""
    label: str
    """In tables, within a sentence."""
    title: str
    """Of panels."""
    axis: str
    """Of a class's value, with its unit, in two lines: over the classes in a legend."""
    unit: str = ""
    """Of a class's value, in full; "" where classes have no order."""
    difference: str = ""
    """Of the difference of two classes, with its unit; "" where classes have no order."""

    @property
    def ordered(self) -> bool:
        """Whether classes are numbers with differences, and not names."""
        return self.difference != ""


KERNEL_WIDTH = Task(
    name="kernel_width",
    label="kernel width",
    title="Kernel widths",
    axis="Kernel width\n(HR pixels)",
    unit="HR pixels",
    difference="Difference of kernel widths (HR pixels)",
)
NOISE_LEVEL = Task(
    name="noise_level",
    label="noise level",
    title="Noise levels",
    axis="Noise level\n(0..255)",
    unit="grey levels of 0..255",
    difference="Difference of noise levels (grey levels of 0..255)",
)
JPEG_QUALITY = Task(
    name="jpeg_quality",
    label="JPEG quality",
    title="JPEG qualities",
    axis="JPEG quality\n(1..95)",
    unit="1..95, larger is better",
    difference="Difference of JPEG qualities (1..95)",
)
KERNEL = Task(
    name="kernel",
    label="kernel",
    title="Kernels",
    axis="Kernel: widths\n(HR pixels), angle",
)
TASKS = {task.name: task for task in (KERNEL_WIDTH, NOISE_LEVEL, JPEG_QUALITY, KERNEL)}
"""By name, in the order of panels and tables."""

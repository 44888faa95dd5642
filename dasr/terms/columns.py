"""Key columns of tidy rows: whoever writes rows and whoever reads them takes them from here."""

from collections.abc import Container

from dasr.terms.quantities import FACTORS, FIRST_PASS

NETWORK = ("study", "method", "regime", "scale")
"""What a network is, but for its seed; bicubic enlargement is a method like the others."""
RUN = (*NETWORK, "seed")
JOINT_STEPS = "joint_steps"
"""Steps of the joint stage that a network has behind it, in rows of checkpoints; other rows are
of the end."""
KERNEL = "kernel"
"""Label of the blur kernel, text: "1.2", or "2,0.2,30deg" where it is anisotropic."""
_ALWAYS = tuple(one.name for one in FACTORS if not one.optional)
DEGRADATION_NUMBERS = ("kernel_width", "lambda_1", "lambda_2", "theta_deg", *_ALWAYS)
"""What the degradation is, as numbers: widths in HR pixels (`kernel_width` is missing where
the kernel is anisotropic), an angle in degrees, grey levels of 0..255."""
DEGRADATION = (KERNEL, *DEGRADATION_NUMBERS)
CELL = (*NETWORK, "testset", *DEGRADATION)
"""What a mean over images is about, beside the optional factors of its study."""
TEXT = (
    "study", "method", "methods", "regime", "regimes", "testset", "image", KERNEL, "task",
    "stage", "variant", "size", "having", "lacking", FIRST_PASS.name,
)  # fmt: skip
"""Columns that stay text when a file is read, whatever they look like."""

BICUBIC = "bicubic"
"""Name of the baseline in the column `method`: there is nothing to train."""
UNTRAINED = "untrained_encoder"
"""Name, in the column `method`, of the encoder that a training starts from: it has
representations and restores nothing."""
MEAN = "mean"
"""Label, in the column `kernel`, of rows that average the whole grid of degradations."""


def cell_key(columns: Container[str]) -> list[str]:
    """Return which of a frame's columns say what a mean over images is about."""
    return [*CELL, *(one.name for one in FACTORS if one.optional and one.name in columns)]

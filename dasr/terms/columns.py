"""Key columns of tidy rows: whoever writes rows and whoever reads them takes them from here."""

NETWORK = ("study", "method", "regime", "scale")
"""What a network is, but for its seed; bicubic enlargement is a method like the others."""
RUN = (*NETWORK, "seed")
KERNEL = "kernel"
"""Label of the blur kernel, text: "1.2", or "2,0.2,30deg" where it is anisotropic."""
DEGRADATION_NUMBERS = ("kernel_width", "lambda_1", "lambda_2", "theta_deg", "noise_level")
"""What the degradation is, as numbers: widths in HR pixels (`kernel_width` is missing where
the kernel is anisotropic), an angle in degrees, grey levels of 0..255."""
DEGRADATION = (KERNEL, *DEGRADATION_NUMBERS)
GRID_CELL = (KERNEL, "noise_level")
"""What tells the cells of one test grid apart."""
CELL = (*NETWORK, "testset", *DEGRADATION)
"""What a mean over images is about."""
TEXT = ("study", "method", "regime", "testset", "image", KERNEL, "task")
"""Columns that stay text when a file is read, whatever they look like."""

BICUBIC = "bicubic"
"""Name of the baseline in the column `method`: there is nothing to train."""
MEAN = "mean"
"""Label, in the column `kernel`, of rows that average the whole grid of degradations."""

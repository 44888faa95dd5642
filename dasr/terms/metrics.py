"""What image quality is measured by; the functions are in `dasr.evaluation.metrics`.

A new metric is a record here, in `METRICS`, and a module there.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A number that compares an SR image with its HR image."""

    name: str
    """Of its table, e.g. "psnr"."""
    column: str
    """Of rows and files, with the unit, e.g. "psnr_y_db"."""
    title: str
    """Of tables and axes, with the unit."""
    short: str
    """On the command line."""
    unit: str
    """"" where it has none."""
    decimals: int
    """In tables."""
    caption: str
    """What its table shows and what to look for."""
    window: int = 1
    """Side in HR pixels of what has to fit inside the border that metrics leave out."""
    larger_is_better: bool = True
    limits: tuple[float, float] = (-math.inf, math.inf)
    """Of its values: no interval goes beyond."""

    @property
    def best(self) -> str:
        """Column of whether a method is not told from the best one."""
        return f"{self.column}_best"

    @property
    def bounds(self) -> tuple[str, str]:
        """Columns of the lower and the upper end of its 95 % interval."""
        return f"{self.column}_low", f"{self.column}_high"

    def shown(self, value: float) -> str:
        """Return one image's number, of which more is certain than of a table's means."""
        text = f"{self.short} {value:.{self.decimals + 2}f}"
        return f"{text} {self.unit}" if self.unit else text


PSNR_Y = Metric(
    name="psnr",
    column="psnr_y_db",
    title="PSNR on Y (dB)",
    short="PSNR-Y",
    unit="dB",
    decimals=2,
    caption=(
        "PSNR in dB on the Y channel, mean over the images of {testset} (x{scale}, regime "
        '{regime}), with parameters and the arithmetic of one 48x48 LR patch. "±" is half of '
        "the 95 % interval over seeds. Look first at the overall mean against bicubic, then at "
        "the widest kernels, where the paper finds its largest effects."
    ),
)
SSIM_Y = Metric(
    name="ssim",
    column="ssim_y",
    title="SSIM on Y",
    short="SSIM-Y",
    unit="",
    decimals=4,
    caption=(
        "SSIM on the Y channel, laid out as the PSNR table. Where PSNR and SSIM order two "
        "methods differently, neither difference is much to rely on."
    ),
    window=11,
    limits=(-1.0, 1.0),
)
PSNR_RGB = Metric(
    name="psnr_rgb",
    column="psnr_rgb_db",
    title="PSNR on RGB (dB)",
    short="PSNR-RGB",
    unit="dB",
    decimals=2,
    caption=(
        "PSNR in dB over the three channels of RGB, laid out as the PSNR table; about 1.3 dB "
        "below PSNR on Y for images of little colour. Where it orders two methods differently, "
        "one of them errs in colour."
    ),
)
METRICS = (PSNR_Y, SSIM_Y, PSNR_RGB)
"""In the order of tables and columns."""
RANKING = PSNR_Y
"""The metric by which methods are compared: gains over bicubic, paired differences, claims.
The larger has to be the better."""


def ranking_column(quantity: str) -> str:
    """Return the column of a difference of `RANKING`, e.g. "gain_db" for "gain"."""
    return f"{quantity}_{RANKING.unit.lower()}" if RANKING.unit else quantity


GAIN = ranking_column("gain")
"""Column of what a method has above bicubic."""
DIFFERENCE = ranking_column("difference")
"""Column of what a method has above the reference, image by image and seed by seed."""
PAIRED_BOUNDS = {
    sampled: (ranking_column(f"{sampled}_low"), ranking_column(f"{sampled}_high"))
    for sampled in ("seeds", "images", "both")
}
"""Columns of the 95 % interval of `DIFFERENCE`, by what is taken for a sample; "both" is the
widest of seeds, images and crossed random effects."""
DETECTABLE = ranking_column("detectable")
"""Column of the smallest difference that a study sees most of the time."""

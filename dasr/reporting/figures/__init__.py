"""The study's figures: tidy frames in, PNG and PDF out, in one style."""

from dasr.reporting.figures.crops import Example, plot_crops
from dasr.reporting.figures.curves import plot_curves
from dasr.reporting.figures.gain_heatmap import plot_gain_heatmap
from dasr.reporting.figures.paired import plot_paired
from dasr.reporting.figures.psnr_vs_width import plot_psnr_vs_width
from dasr.reporting.figures.tsne import Projection, plot_tsne

__all__ = [
    "Example",
    "Projection",
    "plot_crops",
    "plot_curves",
    "plot_gain_heatmap",
    "plot_paired",
    "plot_psnr_vs_width",
    "plot_tsne",
]

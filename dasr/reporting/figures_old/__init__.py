"""The study's figures: tidy frames in, PNG and PDF out, in one style."""

from dasr.reporting.figures.crops import Example, plot_crops
from dasr.reporting.figures.curves import plot_curves
from dasr.reporting.figures.distances import plot_distances
from dasr.reporting.figures.gain_heatmap import plot_gain_heatmap
from dasr.reporting.figures.paired import plot_paired
from dasr.reporting.figures.projections import Projection
from dasr.reporting.figures.psnr_vs_width import plot_psnr_vs_width
from dasr.reporting.figures.score_vs_psnr import plot_score_vs_psnr
from dasr.reporting.figures.sheet import Box, busiest_boxes, plot_sheet
from dasr.reporting.figures.sweep import plot_sweep
from dasr.reporting.figures.tsne import plot_tsne, plot_tsne_tasks

__all__ = [
    "Box",
    "Example",
    "Projection",
    "busiest_boxes",
    "plot_crops",
    "plot_curves",
    "plot_distances",
    "plot_gain_heatmap",
    "plot_paired",
    "plot_psnr_vs_width",
    "plot_score_vs_psnr",
    "plot_sheet",
    "plot_sweep",
    "plot_tsne",
    "plot_tsne_tasks",
]

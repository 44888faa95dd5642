"""Which tables and figures there are.

Imported while a workflow is planned, so nothing slow is imported here. Each kind has a caption
of its own in workflow/report/.
"""

TABLES = ("psnr", "ssim", "grid", "paired", "clusters", "hypotheses")
FIGURES = (
    "psnr_vs_width",
    "gain_heatmap",
    "paired",
    "curves",
    "tsne",
    "fig3",
    "fig6",
    "distances",
    "score_vs_psnr",
    "crops",
)
SWEEP = "sweep_"
"""What the name of a sweep's figure begins with (`dasr.config.sweep_figures`)."""

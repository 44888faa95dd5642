"""The study's tables: built from tidy frames, written as CSV, Markdown and LaTeX."""

from dasr.reporting.tables.grids import grid_table, paired_table
from dasr.reporting.tables.methods import cluster_table, hypotheses_table
from dasr.reporting.tables.paper import paper_tables
from dasr.reporting.tables.quality import psnr_table, ssim_table
from dasr.reporting.tables.writing import Cell, Picture, Table, write_table

__all__ = [
    "Cell",
    "Picture",
    "Table",
    "cluster_table",
    "grid_table",
    "hypotheses_table",
    "paired_table",
    "paper_tables",
    "psnr_table",
    "ssim_table",
    "write_table",
]

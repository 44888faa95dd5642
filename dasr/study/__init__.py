"""What a study makes: its methods, and the file of every result. No torch, no Snakemake."""

from dasr.study.factorial import Factorial, factorials
from dasr.study.methods import Method, methods_of
from dasr.study.plan import Plan, ReportCell, Run
from dasr.study.text import read_study, read_study_yaml, study_text, study_yaml

__all__ = [
    "Factorial",
    "Method",
    "Plan",
    "ReportCell",
    "Run",
    "factorials",
    "methods_of",
    "read_study",
    "read_study_yaml",
    "study_text",
    "study_yaml",
]

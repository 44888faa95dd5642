"""Statistics over the whole study, then its tables and figures, each in one job."""

from dasr.reporting import outputs
from dasr.study import Plan, study_text

PLAN = Plan(STUDY)
TABLES, FIGURES = outputs.table_items(PLAN), outputs.figure_items(PLAN)


rule summarise:
    input:
        metrics=runs("{run}/metrics/{testset}.csv")
        + imported("metrics/{testset}.csv")
        + baselines("metrics/{testset}.csv"),
        clusters=runs("{run}/embedding/{testset}_clusters.csv", learned_only=True)
        + imported("embedding/{testset}_clusters.csv"),
        runs=runs("{run}/run.yaml") + imported("run.yaml"),
    output:
        metrics="results/{study}/metrics.csv",
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
    log:
        "results/{study}/logs/summarise.log",
    conda:
        "../../environment.yml"
    params:
        reference=STUDY.config.reference,
        trained=VARIANTS,
        source=source_of("summarise.py"),
    message:
        "Statistics over seeds and images"
    script:
        "../scripts/summarise.py"


rule tables:
    input:
        outputs.input_files(TABLES),
    output:
        [report(**file) for file in outputs.reported_files(TABLES)],
        outputs.unreported_files(TABLES),
        [directory(folder) for folder in outputs.picture_folders(TABLES)],
    log:
        f"{PLAN.results}/logs/tables.log",
    conda:
        "../../environment.yml"
    params:
        study=lambda wildcards: study_text(STUDY),
        source=source_of("tables.py"),
    message:
        "Tables of the study"
    script:
        "../scripts/tables.py"


rule figures:
    input:
        outputs.input_files(FIGURES),
    output:
        [report(**file) for file in outputs.reported_files(FIGURES)],
        outputs.unreported_files(FIGURES),
    log:
        f"{PLAN.results}/logs/figures.log",
    conda:
        "../../environment.yml"
    params:
        study=lambda wildcards: study_text(STUDY),
        source=source_of("figures.py"),
    message:
        "Figures of the study"
    script:
        "../scripts/figures.py"

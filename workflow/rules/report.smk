"""Tables and figures of the study, each in one job."""

from dasr.reporting import outputs

TABLES, FIGURES = outputs.table_items(PLAN), outputs.figure_items(PLAN)


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

from snakemake.utils import min_version

min_version("9.11")


# Before Snakemake reads the default study: what is wrong with it is said in one line.
include: "workflow/rules/common.smk"


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/download.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/inference.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/track.smk"
include: "workflow/rules/cluster.smk"


rule all:
    default_target: True
    input:
        rules.tables.output,
        rules.figures.output,
        f"{PLAN.results}/tracking/receipt.json",

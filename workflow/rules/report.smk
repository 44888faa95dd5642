rule summarise:
    input:
        metrics=runs("{run}/metrics/{testset}.csv") + baselines("metrics/{testset}.csv"),
        clusters=runs("{run}/embedding/{testset}_clusters.csv", learned_only=True),
        runs=runs("{run}/run.yaml"),
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
        source=source_digest("statistics"),
    message:
        "Statistics over seeds and images"
    script:
        "../scripts/summarise.py"


rule table:
    input:
        summary="results/{study}/summary.csv",
        paired="results/{study}/paired.csv",
        clusters="results/{study}/clusters.csv",
        costs="results/{study}/costs.csv",
    output:
        csv="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.csv",
        markdown="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.md",
        latex="reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.tex",
        page=report(
            "reports/{study}/tables/{table}-{regime}-x{scale}-{testset}.html",
            caption="../report/table.rst",
            category="Tables",
            subcategory="{testset}, x{scale}, {regime}",
            labels={"table": "{table}"},
        ),
    log:
        "results/{study}/logs/table/{table}-{regime}-x{scale}-{testset}.log",
    conda:
        "../../environment.yml"
    params:
        titles=TITLES,
        hypotheses={variant.name: variant.hypothesis for variant in STUDY.variants},
        oracles=[name for name in VARIANTS if name not in LEARNED],
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_digest("reporting/tables", "reporting/rows", "reporting/jobs"),
    message:
        "Table {wildcards.table}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/table.py"


rule figure:
    input:
        unpack(drawn_from),
    output:
        png=report(
            "reports/{study}/figures/{figure}-{regime}-x{scale}-{testset}.png",
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{testset}, x{scale}, {regime}",
            labels={"figure": "{figure}"},
        ),
        pdf="reports/{study}/figures/{figure}-{regime}-x{scale}-{testset}.pdf",
    log:
        "results/{study}/logs/figure/{figure}-{regime}-x{scale}-{testset}.log",
    conda:
        "../../environment.yml"
    params:
        titles=TITLES,
        settings=figure_settings,
        seeds=len(STUDY.config.seeds),
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_digest("reporting/figures", "reporting/rows", "reporting/jobs"),
    message:
        "Figure {wildcards.figure}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/figure.py"

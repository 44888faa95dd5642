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
        titles=table_titles,
        hypotheses=HYPOTHESES,
        oracles=ORACLES,
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_of("table.py"),
    message:
        "Table {wildcards.table}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/table.py"


rule paper_table:
    input:
        summary="results/{study}/summary.csv",
        published=PUBLISHED,
    output:
        csv="reports/{study}/tables/{papertable}.csv",
        markdown="reports/{study}/tables/{papertable}.md",
        latex="reports/{study}/tables/{papertable}.tex",
        page=report(
            "reports/{study}/tables/{papertable}.html",
            caption="../report/paper_table.rst",
            category="Tables",
            subcategory="In the paper's layout",
            labels={"table": "{papertable}"},
        ),
    log:
        "results/{study}/logs/paper_table/{papertable}.log",
    conda:
        "../../environment.yml"
    params:
        protocol=STUDY.config.protocol,
        regime=STUDY.config.regimes[0].name,
        titles=TITLES,
        unranked=[*ORACLES, *IMPORTED],
        stands_for={name: IMPORTED[name].stands_for or name for name in IMPORTED},
        marks=marks(),
        size=STUDY.size(),
        source=source_of("paper_table.py"),
    message:
        "Table {wildcards.papertable}"
    script:
        "../scripts/paper_table.py"


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
        titles=figure_titles,
        settings=figure_settings,
        seeds=len(STUDY.config.seeds),
        reference=TITLES.get(STUDY.config.reference, ""),
        source=source_of("figure.py"),
    message:
        "Figure {wildcards.figure}: {wildcards.testset}, x{wildcards.scale}, {wildcards.regime}"
    script:
        "../scripts/figure.py"

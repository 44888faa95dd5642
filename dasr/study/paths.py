"""Paths and titles of a study: every result needs a path of its own, which fits."""

from collections import Counter

from dasr.config import Study
from dasr.study.plan import Plan
from dasr.study.representations import represented_runs

LONGEST_NAME = 210
"""Bytes of method, regime, scale, seed and test set together, of which names of files are
made: 255 is the limit of the usual file systems, and names have ends such as
"_clusters.12345.csv"."""


def path_complaints(study: Study) -> list[str]:
    """Return a line for names that are too long together, or give two results one path."""
    plan = Plan(study)
    config = study.config
    every = {run.path: run for run in (*plan.runs(), *represented_runs(plan))}
    runs = [path.replace("/", "-") for path in every]
    files = [f"{run}-{item.name}" for run in runs for item in config.test_sets]
    longest = max(
        [*files, config.study, *(item.name for item in config.all_train_sets)], key=len
    )
    found = []
    if len(longest) > LONGEST_NAME:
        found.append(
            f"names are too long together: {len(longest)} characters, {LONGEST_NAME} at most: "
            f"{longest}"
        )
    for names in (runs, files):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            found.append(
                f"{twice[0]}: two results have this place: rename a method, regime or set"
            )
            break
    titles = Counter(method.title for method in plan.named)
    found += [f"title {title!r}: two methods have it" for title in titles if titles[title] > 1]
    return found

"""Where the results of a study go: every file needs a path of its own, which fits."""

from collections import Counter

from dasr.config.methods import BICUBIC
from dasr.config.study import Study

LONGEST = 210
"""Bytes of method, regime, scale, seed and test set together, of which names of files are
made: 255 is the limit of the usual file systems, and names have ends such as
"_clusters.12345.csv"."""


def place_complaints(study: Study) -> list[str]:
    """Return a line for names that are too long together, or give two results one path."""
    config = study.config
    methods = {variant.name: config.seeds for variant in study.variants}
    methods |= {network.name: (0,) for network in config.imported}
    runs = [
        f"{method}-{regime.name}-x{scale}-seed{seed}"
        for method, seeds in {BICUBIC: (0,), **methods}.items()
        for regime in config.regimes
        for scale in config.scales
        for seed in seeds
    ]
    places = [f"{run}-{item.name}" for run in runs for item in config.test_sets]
    longest = max([*places, config.study, *(item.name for item in config.train_sets)], key=len)
    found = []
    if len(longest) > LONGEST:
        found.append(
            f"names are too long together: {len(longest)} characters, {LONGEST} at most: "
            f"{longest}"
        )
    for place in (runs, places):
        twice = [name for name, count in Counter(place).items() if count > 1]
        if twice:
            found.append(
                f"{twice[0]}: two results have this place: rename a method, regime or set"
            )
            break
    titles = Counter(["Bicubic"])
    titles.update(network.title for network in config.imported)
    titles.update(variant.title for variant in study.variants)
    found += [f"title {title!r}: two methods have it" for title in titles if titles[title] > 1]
    return found

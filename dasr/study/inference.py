"""What of a study the time and the memory of enlarging images are measured of."""

from typing import Any

from dasr.study.plan import Plan, Run

INFERENCE = "inference"
"""Name of the file of rows, among those of the whole study."""


def measured_runs(plan: Plan) -> list[Run]:
    """Return one network of each method, regime and scale, and bicubic at each.

    Networks of a method differ between seeds in their numbers alone: the first is measured.
    A study without a network measures nothing.
    """
    runs = [run for run in plan.runs() if run.seed == run.method.seeds[0]]
    return runs if any(run.method.is_network for run in runs) else []


def inference_files(plan: Plan) -> list[str]:
    """Return the file of what was measured, if the study measures anything."""
    return [plan.statistics_file(INFERENCE)] if measured_runs(plan) else []


def measured_networks(plan: Plan) -> list[str]:
    """Return the files of the networks that are measured."""
    return [plan.network_file(run) for run in measured_runs(plan) if run.method.is_network]


def measured_methods(plan: Plan) -> list[dict[str, Any]]:
    """Return, as plain data, keys and file of each of `measured_runs`; "" for bicubic."""
    return [
        {
            "keys": {
                "study": plan.config.study,
                "method": run.method.name,
                "regime": run.regime,
                "scale": run.scale,
                "seed": run.seed,
            },
            "network": plan.network_file(run) if run.method.is_network else "",
        }
        for run in measured_runs(plan)
    ]


def measured_architectures(plan: Plan) -> list[str]:
    """Return the modules that build the networks that are measured, each once."""
    found = [
        name for run in measured_runs(plan) for name in plan.architectures(run.method.name)
    ]
    return list(dict.fromkeys(found))

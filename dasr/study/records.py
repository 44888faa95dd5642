"""A study's records as a whole, and what its statistics are computed from."""

from dasr.study.parts import part_records
from dasr.study.plan import Plan, Run
from dasr.study.representations import clusters_files, resampled_files
from dasr.study.scaling import checkpoint_metrics_files

HISTORY = "history.csv"
"""Of a stage, in the folder of its record."""


def digests_file(plan: Plan) -> str:
    """Return the record of all image sets: digests, numbers of images, the closest pair."""
    return f"{plan.results}/data/digests.yaml"


def versions_file(plan: Plan) -> str:
    """Return the record of what computed the statistics: commit and libraries."""
    return f"{plan.results}/versions.yaml"


def claims_file(plan: Plan) -> str:
    """Return the study's claims, each with what was trained when it was made."""
    return f"{plan.results}/data/claims.yaml"


def encoder_history_file(plan: Plan, run: Run) -> str | None:
    """Return the history of the encoder stage that a network goes on from, if any."""
    folder = plan.encoder_folder(run)
    return None if folder is None else f"{folder}/{HISTORY}"


def statistics_inputs(plan: Plan) -> dict[str, list[str]]:
    """Return the files that a study's statistics are computed from, by what they hold.

    Reports take along whatever is named here.
    """
    return {
        "metrics": plan.metrics_files(),
        "clusters": clusters_files(plan),
        "resampled": resampled_files(plan),
        "runs": plan.record_files(),
        "encoders": sorted(set(filter(None, plan.encoder_record_files()))),
        "histories": encoder_histories(plan),
        "claims": [claims_file(plan)],
        "checkpoints": checkpoint_metrics_files(plan),
        "parts": sorted({path for own in part_record_files(plan) for path in own}),
    }


def part_record_files(plan: Plan) -> list[list[str]]:
    """Return, for each of `Plan.record_files`, the records of the stages of its parts."""
    return [part_records(plan, run) for run in plan.runs("imported", "trained")]


def encoder_histories(plan: Plan) -> list[str]:
    """Return the history of every encoder stage, each once."""
    found = [encoder_history_file(plan, run) for run in plan.runs("trained")]
    return sorted({path for path in found if path is not None})

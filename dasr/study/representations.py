"""Runs that have representations to look at, and the files of their scores."""

from dasr.config import Stage
from dasr.study.images import packed_of_stage
from dasr.study.plan import Plan, Run


def represented_runs(plan: Plan) -> list[Run]:
    """Return the runs of every network with a learned representation, untrained ones last."""
    return [
        Run(method, regime.name, scale, seed)
        for regime in plan.config.regimes
        for scale in plan.config.scales
        for method in plan.represented_at(regime.name, scale)
        for seed in method.seeds
    ]


def clusters_files(plan: Plan) -> list[str]:
    """Return the scores of everything with representations."""
    return [
        plan.clusters_file(run, item.name)
        for run in represented_runs(plan)
        for item in plan.config.test_sets
    ]


def resampled_files(plan: Plan) -> list[str]:
    """Return the scores of resampled images of everything with representations."""
    return [
        plan.resampled_file(run, item.name)
        for run in represented_runs(plan)
        for item in plan.config.test_sets
    ]


def untrained_stage(plan: Plan, run: Run) -> Stage:
    """Return the stage that a run of the untrained encoder is the start of."""
    trained = plan.study.run(run.method.stands_for, run.regime, run.scale, run.seed)
    return trained.encoder_stage() or trained.joint_stage()


def untrained_images(plan: Plan, run: Run, suffix: str) -> list[str]:
    """Return the packed images that such a stage trains on: pixels ("bin") or indices."""
    return packed_of_stage(plan, untrained_stage(plan, run).name, suffix)

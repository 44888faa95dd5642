"""The stages of networks' parts, which networks that agree in them share."""

from dasr.config import Stage, architecture_module, digest
from dasr.study.plan import Plan, Run


def part_stages(plan: Plan) -> dict[str, Stage]:
    """Return the distinct stages of parts of all networks, by digest."""
    stages = [stage for run in plan.study.runs() for stage in run.part_stages().values()]
    return {digest(stage): stage for stage in stages}


def part_modules(stage: Stage) -> list[str]:
    """Return the module that builds what the stage of a part trains."""
    assert stage.part is not None, "not the stage of a part"
    return [architecture_module(stage.part.BUILT_BY)]


def part_folders(plan: Plan, run: Run) -> dict[str, str]:
    """Return the folders of the finished stages that a network goes on from, by part."""
    if not run.method.is_trained:
        return {}
    config = plan.study.run(run.method.name, run.regime, run.scale, run.seed)
    return {
        name: part_folder(plan, digest(stage)) for name, stage in config.part_stages().items()
    }


def part_folder(plan: Plan, stage: str) -> str:
    """Return the folder of the results of a part's stage, given its digest."""
    return f"{plan.results}/parts/{stage}"


def part_stage_folder(plan: Plan, stage: str) -> str:
    """Return where a part's stage is kept, finished or not, given its digest."""
    return f"{plan.results}/stages/part-{stage}"


def shared_records(plan: Plan, run: Run) -> list[str]:
    """Return the records of all shared stages that a network goes on from."""
    encoder = plan.encoder_record_file(run)
    return [*([] if encoder is None else [encoder]), *part_records(plan, run)]


def part_states(plan: Plan, run: Run) -> list[str]:
    """Return the finished parts that a network goes on from, in the order of its stages."""
    return [f"{folder}/state.safetensors" for folder in part_folders(plan, run).values()]


def part_records(plan: Plan, run: Run) -> list[str]:
    """Return the records of those stages, in the same order."""
    return [f"{folder}/run.yaml" for folder in part_folders(plan, run).values()]

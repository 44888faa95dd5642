"""Methods of every kind, and one place for each result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dasr.config import ImportedModel
from dasr.errors import UserError
from dasr.study import Plan, ReportCell, read_study, study_text
from dasr.study.images import (
    data_root,
    folders_of_sets,
    image_set,
    packed,
    packed_of_stage,
    root_of_set,
)
from dasr.study.published import network_files, published_files
from dasr.study.records import statistics_inputs
from dasr.study.representations import (
    clusters_files,
    resampled_files,
    untrained_images,
    untrained_stage,
)
from tests.unit.study.conftest import STUDY

NAMES = ["bicubic", "theirs", "dasr", "no_ca", "no_contrastive", "oracle"]


def test_methods_come_in_the_order_of_tables(plan: Plan) -> None:
    assert [method.name for method in plan.methods] == NAMES
    assert [method.name for method in plan.trained] == NAMES[2:]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("is_network", NAMES[1:]),
        ("is_trained", NAMES[2:]),
        ("is_represented", ["theirs", "dasr", "no_ca", "no_contrastive"]),
        # an oracle is told the degradation; bicubic is what the others are compared with
        ("is_ranked", ["theirs", "dasr", "no_ca", "no_contrastive"]),
    ],
)
def test_what_is_known_of_a_method(plan: Plan, question: str, names: list[str]) -> None:
    assert [m.name for m in plan.methods if getattr(m, question)] == names


def test_an_imported_network_is_a_method_where_it_belongs(plan: Plan) -> None:
    here = [method.name for method in plan.methods_at("noisy", 4)]
    assert here == NAMES
    for regime, scale in (("blur", 4), ("noisy", 2)):
        assert [m.name for m in plan.methods_at(regime, scale)] == ["bicubic", *NAMES[2:]]
    theirs = plan.method("theirs")
    assert (theirs.stands_for, theirs.seeds, theirs.settings) == ("dasr", (0,), None)
    assert plan.imported_file("theirs", 4) == "model_600.pt"


def test_an_imported_network_is_what_its_file_tells(plan: Plan) -> None:
    assert plan.method("theirs").is_represented  # the authors' file tells nothing
    told = ImportedModel(architecture="dasr", representation="none")
    one = Plan(replace(plan.study, imported=(told,)))
    theirs = one.method("theirs")
    assert (theirs.is_network, theirs.is_represented, theirs.is_ranked) == (True, False, True)
    assert not any("/theirs/" in path for path in clusters_files(one))
    assert not any("/theirs/" in path for file in network_files(one) for path in file.clusters)
    assert Plan(read_study(study_text(one.study))).method("theirs") == theirs


def test_a_method_counts_the_code_of_its_own_architecture(plan: Plan) -> None:
    told = ImportedModel(architecture="another", representation="learned")
    one = Plan(replace(plan.study, imported=(told,)))
    assert one.architectures("theirs") == ["dasr.architectures.another"]
    assert one.architectures("oracle") == ["dasr.architectures.dasr"]
    assert one.architectures("bicubic") == []


def test_every_run_has_a_folder_of_its_own(plan: Plan) -> None:
    folders = [plan.folder(run) for run in plan.runs()]
    # bicubic at 2 regimes x 2 scales, theirs once, 4 variants x 2 x 2 x 2 seeds
    assert len(folders) == len(set(folders)) == 4 + 1 + 32
    assert "results/s/runs/bicubic/blur/x2/seed0" in folders
    assert "results/s/runs/theirs/noisy/x4/seed0" in folders
    assert "results/s/runs/no_ca/noisy/x4/seed3" in folders
    assert len(plan.runs("trained")) == 32
    assert plan.runs("trained")[0].seed == 3  # the study's order, not that of numbers


def test_only_learned_representations_are_scored(plan: Plan) -> None:
    scored = {path.split("/")[3] for path in clusters_files(plan)}
    assert scored == {"theirs", "dasr", "no_ca", "no_contrastive", "untrained_encoder"}
    assert len(resampled_files(plan)) == len(clusters_files(plan)) == 2 * (1 + 3 * 8 + 8)
    assert len(plan.metrics_files()) == 2 * 37
    assert len(plan.record_files()) == 33
    metrics_and_records = [*plan.metrics_files(), *plan.record_files(), *published_files(plan)]
    assert not any("untrained_encoder" in path for path in metrics_and_records)


def test_the_untrained_encoder_is_that_of_the_reference_as_it_starts(plan: Plan) -> None:
    untrained = plan.untrained
    assert untrained is not None
    assert (untrained.seeds, untrained.stands_for) == ((3, 1), "dasr")
    assert {untrained.is_network, untrained.is_trained, untrained.is_represented} == {False}
    assert untrained not in plan.methods
    assert plan.method("untrained_encoder") is untrained
    names = [one.name for one in plan.represented_at("noisy", 4)]
    assert names == ["theirs", "dasr", "no_ca", "no_contrastive", "untrained_encoder"]
    assert [one.name for one in plan.represented_at("blur", 4)] == names[1:]
    run = plan.run("untrained_encoder", "noisy", 4, 1)
    stage = untrained_stage(plan, run)
    assert stage == plan.study.run("dasr", "noisy", 4, 1).encoder_stage()


def test_the_untrained_encoder_is_of_what_learns_and_is_trained_here(plan: Plan) -> None:
    variants = {one.name: one for one in plan.study.variants}
    only = (variants["oracle"], variants["no_contrastive"])
    config = replace(plan.config, reference="oracle")
    one = Plan(replace(plan.study, variants=only, config=config))
    assert one.untrained is not None
    assert one.untrained.stands_for == "no_contrastive"
    stage = untrained_stage(one, one.run("untrained_encoder", "blur", 2, 3))
    assert (stage.name, stage.seed, stage.scale) == ("joint", 3, 2)  # it has no other
    for own in (only[:1], ()):  # "theirs" learned, but elsewhere: nothing says from where
        none = Plan(replace(plan.study, variants=own, config=config))
        assert none.untrained is None
        assert {path.split("/")[3] for path in clusters_files(none)} == {"theirs"}


def test_variants_that_agree_share_an_encoder_stage(plan: Plan) -> None:
    states = {name: plan.encoder_states(plan.run(name, "noisy", 4, 1)) for name in NAMES}
    assert states["dasr"] == states["no_ca"]
    assert len(states["dasr"]) == 1
    assert states["dasr"] != plan.encoder_states(plan.run("dasr", "noisy", 4, 3))
    for name in ("bicubic", "theirs", "no_contrastive", "oracle"):
        assert states[name] == []


def test_report_cells(plan: Plan) -> None:
    cells = list(plan.cells())
    assert len(cells) == 8
    assert cells[0] == ReportCell("blur", 2, "Photos")
    assert str(cells[0]) == "Photos, x2, regime blur"
    assert len({cell.suffix for cell in cells}) == 8


def test_every_network_is_published_with_its_files(plan: Plan) -> None:
    networks = {files.network: files for files in network_files(plan)}
    assert len(networks) == 33
    theirs = networks["results/s/runs/theirs/noisy/x4/seed0/model.safetensors"]
    assert theirs.histories == {}
    assert len(theirs.clusters) == 2
    oracle = networks["results/s/runs/oracle/noisy/x4/seed1/model.safetensors"]
    assert (list(oracle.histories), oracle.clusters) == (["joint"], [])
    dasr = networks["results/s/runs/dasr/noisy/x4/seed1/model.safetensors"]
    assert dasr.histories["encoder"].startswith("results/s/encoders/")
    files = published_files(plan)
    assert len(files) == len(set(files))
    assert set(plan.record_files()) < set(files)


@pytest.mark.parametrize(("cores", "threads"), [(None, 2), (2, 1), (32, 1), (33, 2)])
def test_trainings_share_the_cores(plan: Plan, cores: int | None, threads: int) -> None:
    assert plan.training_threads(cores) == threads


def test_image_sets_and_what_they_hang_on(plan: Plan) -> None:
    assert packed(plan, "test", "csv") == [
        "results/s/data/test/Photos.csv",
        "results/s/data/test/Mine.csv",
    ]
    assert data_root(plan) == Path("data")
    assert root_of_set(plan, "test", "Mine") == "data"
    assert root_of_set(plan, "test", "Photos") == ""
    assert folders_of_sets(plan) == {
        "train": {},
        "validation": {},
        "test": {"Mine": "mine/HR"},
    }
    assert image_set(plan, "train", "l").num_images == 2


def test_a_study_survives_its_text(plan: Plan) -> None:
    text = study_text(plan.study)
    assert "<" not in text
    assert read_study(text) == plan.study


LEAVES = {"source": "dead_leaves", "num_images": 2, "image_size": 99}


def _stages(planned: Callable[..., Plan], **sets: object) -> Plan:
    return planned({**STUDY, **sets})


def test_stages_may_train_on_other_images(planned: Callable[..., Plan]) -> None:
    own = [{"name": "e", **LEAVES}, {"name": "l", **LEAVES}]
    plan = _stages(planned, encoder_train_sets=own, validation_sets=[{"name": "v", **LEAVES}])
    folder = "results/s/data/train"
    assert packed_of_stage(plan, "joint", "csv") == [f"{folder}/l.csv"]
    assert packed_of_stage(plan, "encoder", "csv") == [f"{folder}/e.csv", f"{folder}/l.csv"]
    assert packed(plan, "train", "csv") == [f"{folder}/l.csv", f"{folder}/e.csv"]
    assert packed(plan, "validation", "bin") == ["results/s/data/validation/v.bin"]
    dasr, without = (plan.run(name, "noisy", 4, 1) for name in ("untrained_encoder", "dasr"))
    assert untrained_images(plan, dasr, "csv") == [f"{folder}/e.csv", f"{folder}/l.csv"]
    assert without.method.name == "dasr"
    both = _stages(planned)
    assert packed_of_stage(both, "encoder", "csv") == packed_of_stage(both, "joint", "csv")


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ({"encoder_train_sets": []}, "encoder_train_sets is empty"),
        (
            {"encoder_train_sets": [{"name": "l", **LEAVES, "seed": 9}]},
            "encoder_train_sets: l: train_sets has another set of this name",
        ),
        (
            {"validation_sets": [{"name": "v", **LEAVES}, {"name": "v", **LEAVES}]},
            "validation_sets: a name is there twice",
        ),
    ],
)
def test_sets_of_stages_that_cannot_be_are_refused(
    planned: Callable[..., Plan], sets: dict[str, object], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        _stages(planned, **sets)


def test_statistics_hang_on_the_history_of_every_encoder_stage_once(plan: Plan) -> None:
    files = statistics_inputs(plan)["histories"]
    stages = {plan.encoder_folder(run) for run in plan.runs("trained")} - {None}
    assert files == sorted(f"{stage}/history.csv" for stage in stages)
    assert len(stages) == len(plan.study.encoders())

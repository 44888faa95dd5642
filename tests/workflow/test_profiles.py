"""What profiles say of rules agrees with the rules."""

import re
from typing import Any

import pytest
import yaml

from tests.workflow.conftest import ROOT

PROFILES = ("gpu", "slurm", "slurm-gpu")
WITHOUT_NETWORK = {"evaluate_bicubic"}
"""Rules with a `gpu` resource that need none: bicubic enlargement is no network."""


def _profile(name: str) -> dict[str, Any]:
    text = (ROOT / f"workflow/profiles/{name}/config.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def _rules() -> dict[str, str]:
    """Return the text of every rule; that of a derived one begins with its original's."""
    found: dict[str, str] = {}
    for file in [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))]:
        parts = re.split(
            r"(?m)^(?=rule |use rule |checkpoint )", file.read_text(encoding="utf-8")
        )
        for part in parts[1:]:
            if derived := re.match(r"use rule (\w+) as (\w+) with:", part):
                found[derived[2]] = found[derived[1]] + part
            else:
                rule = re.match(r"(?:rule|checkpoint) (\w+):", part)
                assert rule, part
                found[rule[1]] = part
    return found


def _local_rules() -> set[str]:
    text = (ROOT / "workflow/rules/cluster.smk").read_text(encoding="utf-8")
    listed = re.search(r"(?m)^localrules:\n((?:    \w+,\n)+)", text)
    assert listed
    return set(re.findall(r"\w+", listed[1]))


def _named(profile: dict[str, Any]) -> set[str]:
    keys = ("set-resources", "set-threads", "groups")
    return {rule for key in keys for rule in profile.get(key, {})}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_names_only_rules_that_exist(name: str) -> None:
    assert _named(_profile(name)) - _rules().keys() == set()


@pytest.mark.parametrize("name", ["gpu", "slurm-gpu"])
def test_every_rule_with_a_network_gets_a_gpu(name: str) -> None:
    # Snakemake gives a derived rule nothing that is set for its original
    resources = _profile(name)["set-resources"]
    given = {rule for rule, values in resources.items() if values.get("gpu")}
    wanted = {rule for rule, text in _rules().items() if re.search(r"\bgpu=", text)}
    assert {"train", "evaluate", "evaluate_only"} < wanted
    assert given == wanted - WITHOUT_NETWORK


def test_a_cluster_without_gpus_or_a_partition_of_that_name_is_asked_for_neither() -> None:
    profile = _profile("slurm")
    asked = [*profile["set-resources"].values(), profile["default-resources"]]
    for values in asked:
        assert not {"gpu", "gres", "slurm_partition"} & values.keys()


def test_both_slurm_profiles_differ_in_gpus_only() -> None:
    plain, gpu = _profile("slurm"), _profile("slurm-gpu")
    threads = gpu.pop("set-threads")
    assert threads.keys() <= gpu["set-resources"].keys()
    assert threads.items() >= plain.pop("set-threads").items()
    for values in gpu["set-resources"].values():
        values.pop("gpu", None)
    gpu["set-resources"] = {rule: v for rule, v in gpu["set-resources"].items() if v}
    assert gpu["resources"].pop("gpu") == 1
    assert gpu["set-resource-scopes"].pop("gpu") == "local"  # a group has one, however long
    assert gpu == plain


def test_no_member_of_a_group_stays_with_the_controller() -> None:
    # Snakemake would run the whole group there, training and all
    local = _local_rules()
    assert local <= _rules().keys()
    assert not local & _profile("slurm")["groups"].keys()
    assert {"create_store", "publish"} <= local  # SQLite, from one machine only


def test_a_failed_test_does_not_take_its_network_along() -> None:
    # Snakemake removes all outputs of a group of which one job has failed
    assert _profile("slurm")["keep-incomplete"] is True

"""A whole study, checked: its configuration, its variants and its list of runs."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dasr.config.claimed import Claimant, resolved_claims
from dasr.config.claims import Claim
from dasr.config.equal_seconds import (
    SECONDS_FOLDER,
    EqualSeconds,
    seconds_file,
    with_equal_seconds,
)
from dasr.config.method import StageName
from dasr.config.network_file import ImportedModel, imported_models
from dasr.config.provenance import digest
from dasr.config.run import RunConfig, Stage
from dasr.config.schema import StudyConfig
from dasr.config.sizes import of_size, require_checkpoints, require_sized, sized_methods
from dasr.config.strict import from_dict
from dasr.config.swept import swept_variants
from dasr.config.variants import Variant, discover_ablations, discover_variants, load_variant
from dasr.config.yaml_files import wrong_suffix
from dasr.errors import UserError
from dasr.terms.columns import BICUBIC, UNTRAINED


@dataclass(frozen=True, kw_only=True)
class Study:
    """A checked study: configuration, resolved variants in table order, imported."""

    config: StudyConfig
    variants: tuple[Variant, ...]
    imported: tuple[ImportedModel, ...]
    """What the files of each of `config.imported` tell, in their order."""
    claims: tuple[Claim, ...] = ()
    """What the study says of its methods, complete; none where nothing is compared."""
    seconds: EqualSeconds | None = None
    """With `equal: seconds`, what the joint steps of its variants were found from."""

    def variant(self, name: str) -> Variant:
        """Return a variant by name."""
        return next(variant for variant in self.variants if variant.name == name)

    def reference_at(self, size: str) -> str | None:
        """Return the method that those of a size are compared with.

        Args:
            size: "" of what has none; in a study with sizes nothing is compared with it.
        """
        if (size == "") != (not self.config.sizes):
            return None
        return f"{self.config.reference}-{size}" if size else self.config.reference

    def runs(self) -> tuple[RunConfig, ...]:
        """Return every network of the study: variants x regimes x scales x seeds."""
        return tuple(
            self.run(variant.name, regime.name, scale, seed)
            for variant in self.variants
            for regime in self.config.regimes
            for scale in self.config.scales
            for seed in self.config.seeds
        )

    def run(self, method: str, regime: str, scale: int, seed: int) -> RunConfig:
        """Return one network's configuration: only the range of its own scale is kept."""
        train = next(r.train for r in self.config.regimes if r.name == regime)
        return RunConfig(
            method=method,
            regime=regime,
            scale=scale,
            seed=seed,
            degradation=dataclasses.replace(
                train, kernel_width={scale: train.kernel_width[scale]}
            ),
            settings=self.variant(method).settings_at(scale),
        )

    def size(self) -> str:
        """Return how large a training of the study is, for the notes under its tables."""
        joint = self._extent("joint")
        if self.config.equal == "seconds":
            joint = f"as many CPU seconds as {self.config.reference}, which has {joint}"
        if not self.config.settings().has_encoder_stage:
            return joint
        return f"{joint}, encoders before that {self._extent('encoder')}"

    def _extent(self, name: StageName) -> str:
        stage = self.config.training.of_stage(name)
        sets = ", ".join(image_set.name for image_set in self.config.sets_of_stage(name))
        return (
            f"{stage.total_steps:,} {name} steps of {stage.batch_size} pairs of "
            f"{stage.patch_size}x{stage.patch_size} LR patches on {sets}"
        )

    def encoders(self) -> dict[str, Stage]:
        """Return the distinct encoder stages of all runs, by digest."""
        stages = [run.encoder_stage() for run in self.runs()]
        return {digest(stage): stage for stage in stages if stage is not None}


def load_study(
    config: Mapping[str, Any], ablations: Path, where: str, seconds: Path = SECONDS_FOLDER
) -> Study:
    """Return a checked study from Snakemake's merged configuration.

    Args:
        config: the merged mapping.
        ablations: folder with one override file per variant.
        where: what to call `config` in error messages, e.g. its files' names.
        seconds: folder of what `dasr equal-seconds` has found.

    Raises:
        UserError: one line with the culprit.
    """
    study = from_dict(StudyConfig, dict(config), where)
    names = _variant_names(study, ablations, where)
    _require_imported(study, names, discover_variants(ablations), where)
    variants = tuple(
        of_size(load_variant(ablations, name, base, study.scales), size)
        for size, base in sized_methods(study.settings(), study.sizes, where)
        for name in names
    )
    variants += tuple(
        variant for sweep in study.sweeps for variant in swept_variants(sweep, variants, where)
    )
    _require_distinct(study, variants, where)
    require_sized(variants, where)
    try:
        imported = imported_models(study.imported)
        checked = Study(config=study, variants=variants, imported=imported)
        if study.equal == "seconds":
            checked = _with_equal_seconds(checked, seconds, where)
        for run in checked.runs():
            require_checkpoints(study.checkpoints, run)
    except ValueError as error:
        raise UserError(f"{where}: {error}") from None
    return with_claims(checked, where)


def _with_equal_seconds(study: Study, folder: Path, where: str) -> Study:
    """Return a study whose methods train as many CPU seconds as the reference of their size."""
    config = study.config
    variants, known = with_equal_seconds(
        study.variants,
        lambda one: study.variant(str(study.reference_at(one.size))),
        config.regimes,
        config.scales,
        seconds_file(config.study, folder),
        where,
    )
    return dataclasses.replace(study, variants=variants, seconds=known)


def with_claims(study: Study, where: str) -> Study:
    """Return a study with its claims, complete.

    Raises:
        UserError: as `resolved_claims`.
    """
    config, regimes = study.config, tuple(regime.name for regime in study.config.regimes)
    trained = [
        Claimant(
            one.name, True, one.expected, regimes, config.scales, study.reference_at(one.size)
        )
        for one in study.variants
    ]
    imported = [
        Claimant(
            one.name, False, "worse", (one.regime,), tuple(one.files), study.reference_at("")
        )
        for one in config.imported
    ]
    claims = resolved_claims(config, trained + imported, where)
    return dataclasses.replace(study, claims=claims)


def _variant_names(study: StudyConfig, ablations: Path, where: str) -> list[str]:
    """Return the variants of a study in the order of tables.

    All are those that are no rivals, the reference first; rivals are named.
    """
    found = discover_variants(ablations)
    if study.variants == "all":
        passed_over = wrong_suffix(ablations)
        if passed_over:
            raise UserError(f"{where}: variants: all{passed_over}")
        taken = discover_ablations(ablations)
        if not taken:
            raise UserError(f"{ablations}: no variant: looked for *.yaml without rival: true")
        names = sorted(taken, key=lambda name: name != study.reference)
    else:
        names = list(study.variants)
    for name in names:
        if name == BICUBIC:
            raise UserError(f"{where}: variants: {BICUBIC!r} is always there")
        if name not in found:
            hint = wrong_suffix(ablations, name)
            raise UserError(f"{where}: variants: unknown {name!r}; allowed: {found}{hint}")
    if len(set(names)) != len(names):
        raise UserError(f"{where}: variants: a name is there twice: {names}")
    if names and study.reference not in names:
        raise UserError(f"{where}: reference {study.reference!r} is not among variants {names}")
    return names


def _require_imported(
    study: StudyConfig, names: list[str], found: list[str], where: str
) -> None:
    """Refuse imported networks with the name of a method, or that stand for no variant."""
    for network in study.imported:
        if network.name in {BICUBIC, UNTRAINED, *names}:
            raise UserError(f"{where}: imported: {network.name!r} is a method's name already")
        if network.stands_for is not None and network.stands_for not in found:
            raise UserError(
                f"{where}: imported: {network.name}: stands_for: unknown "
                f"{network.stands_for!r}; allowed: {found}"
            )


def _require_distinct(study: StudyConfig, variants: tuple[Variant, ...], where: str) -> None:
    """Refuse two methods of one name, such as a file and a swept value."""
    names = [BICUBIC, UNTRAINED, *(network.name for network in study.imported)]
    for variant in variants:
        if variant.name in names:
            raise UserError(f"{where}: two methods would be called {variant.name!r}")
        names.append(variant.name)

"""A method of a study, whichever kind: bicubic enlargement, imported, or trained here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from dasr.config import ImportedConfig, ImportedModel, MethodConfig, Study, StudyConfig, Variant
from dasr.config.claims import Relation
from dasr.config.models.base import OF_IMAGES
from dasr.terms.columns import BICUBIC, UNTRAINED

BICUBIC_TITLE = "Bicubic"
UNTRAINED_TITLE = "Untrained encoder"
Representation = Literal["learned", "predicted", "untrained", "oracle", "none"]


@dataclass(frozen=True, kw_only=True)
class Method:
    """What a row of tables, a curve of figures and a run of MLflow is about."""

    name: str
    title: str
    hypothesis: str
    """What it claims, of its file in ablations/; "" for bicubic, which claims nothing."""
    kind: Literal["baseline", "imported", "trained", "untrained"]
    """"untrained": an encoder alone, which has representations and no metrics."""
    seeds: tuple[int, ...]
    """One network each; baselines and imported networks have one, 0."""
    regimes: tuple[str, ...]
    scales: tuple[int, ...]
    representation: Representation
    """Where its representation comes from, if it has one."""
    stands_for: str
    """The variant whose published numbers are its own."""
    variant: str
    """The file of ablations/ that it is of, by its stem; its own name if there is none."""
    variant_title: str
    """Of that file: its own title, in a study with sizes without the size."""
    size: str = ""
    """Of the study's sizes; "" if it has none."""
    reference: str | None = None
    """The method that it is compared with, or is; None of bicubic, and of an imported network
    in a study with sizes."""
    expected: Relation = "worse"
    """What it is claimed to be against the reference, where a study does not say."""
    architecture: str | None = None
    """Of its networks, if it has any."""
    settings: MethodConfig | None = None
    """Of trained methods, and of the one that an untrained encoder is of: architecture,
    contrastive learning, training."""
    at_scale: Mapping[int, MethodConfig] = field(default_factory=dict)
    """Where it is not `settings`: of methods at another's FLOPs, whose sizes vary."""

    @property
    def is_network(self) -> bool:
        """Whether there is a network: a file, parameters, a run in MLflow."""
        return self.kind in ("imported", "trained")

    @property
    def is_trained(self) -> bool:
        """Whether the study trains it: it has a history, and pairs by seed."""
        return self.kind == "trained"

    @property
    def is_represented(self) -> bool:
        """Whether it makes representations of images, to cluster and draw."""
        return self.representation in OF_IMAGES

    @property
    def is_ranked(self) -> bool:
        """Whether it can be the best: a network that is not told the degradation."""
        return self.is_network and self.representation != "oracle"

    def settings_at(self, scale: int) -> MethodConfig | None:
        """Return the configuration of the networks that are trained at a scale, if any is."""
        return self.at_scale.get(scale, self.settings)

    def is_at(self, regime: str, scale: int) -> bool:
        """Return whether it is tested on the grid of a regime, at a scale."""
        return regime in self.regimes and scale in self.scales


def methods_of(study: Study) -> tuple[Method, ...]:
    """Return all methods in the order of tables: bicubic, imported networks, variants."""
    networks = zip(study.config.imported, study.imported, strict=True)
    imported = [_imported(network, model, study) for network, model in networks]
    trained = [_trained(variant, study) for variant in study.variants]
    return (_bicubic(study.config), *imported, *trained)


def untrained_of(study: Study, methods: tuple[Method, ...]) -> Method | None:
    """Return the encoder before any training, or None if the study trains no encoder.

    It is that of the reference, if the reference learns its representation, else of the first
    method that does; encoders of other sizes start from other numbers.

    Args:
        study: whose seeds, regimes and scales it has.
        methods: of the study.
    """
    learned = [one for one in methods if one.is_trained and one.representation == "learned"]
    if not learned:
        return None
    first = min(learned, key=lambda one: one.name != one.reference)
    return replace(
        first,
        name=UNTRAINED,
        title=UNTRAINED_TITLE,
        hypothesis="",
        kind="untrained",
        representation="untrained",
        stands_for=first.name,
    )


def _bicubic(config: StudyConfig) -> Method:
    return Method(
        name=BICUBIC,
        title=BICUBIC_TITLE,
        hypothesis="",
        kind="baseline",
        seeds=(0,),
        regimes=tuple(regime.name for regime in config.regimes),
        scales=config.scales,
        representation="none",
        stands_for=BICUBIC,
        variant=BICUBIC,
        variant_title=BICUBIC_TITLE,
    )


def _imported(network: ImportedConfig, model: ImportedModel, study: Study) -> Method:
    return Method(
        name=network.name,
        title=network.title,
        hypothesis=f"Imported, not trained here: {network.title}.",
        kind="imported",
        seeds=(0,),
        regimes=(network.regime,),
        scales=tuple(network.files),
        representation=cast(Representation, model.representation),
        architecture=model.architecture,
        stands_for=network.stands_for or network.name,
        variant=network.name,
        variant_title=network.title,
        reference=study.reference_at(""),
    )


def _trained(variant: Variant, study: Study) -> Method:
    config = study.config
    return Method(
        name=variant.name,
        title=variant.title,
        hypothesis=variant.hypothesis,
        kind="trained",
        seeds=config.seeds,
        regimes=tuple(regime.name for regime in config.regimes),
        scales=config.scales,
        representation=cast(Representation, variant.settings.model.representation),
        architecture=variant.settings.model.architecture,
        stands_for=variant.name,
        variant=variant.file or variant.name,
        variant_title=variant.file_title or variant.title,
        size=variant.size,
        reference=study.reference_at(variant.size),
        expected=variant.expected,
        settings=variant.settings,
        at_scale=variant.at_scale,
    )

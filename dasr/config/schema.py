"""A study: the tables that everything else is derived from."""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.architectures import AnyModelConfig, default_model
from dasr.config.checks import require, require_name, require_seed, require_values
from dasr.config.claims import ClaimConfig
from dasr.config.contrastive import ContrastiveConfig
from dasr.config.degradation import SCALES
from dasr.config.embedding import EmbeddingConfig
from dasr.config.kernel import require_widths
from dasr.config.method import MethodConfig, StageName, TrainingConfig
from dasr.config.methods import ImportedConfig, SweepConfig, sweep_figures
from dasr.config.regime import RegimeConfig
from dasr.config.sizes import SizeConfig
from dasr.terms.quantities import NOISE_LEVEL

MAX_GENERATED_IMAGES, MAX_GENERATED_SIDE = 100_000, 8192
"""Of a generated set: its images are numbered by five digits, and one fits any memory."""


@dataclass(frozen=True, kw_only=True)
class ImageSetConfig:
    """A set of HR images: generated, shipped inside a dependency, or a folder."""

    name: str
    source: Literal["dead_leaves", "photos", "naturals", "folder"]
    """"photos" and "naturals" are what dependencies ship (`dasr.config.shipped`)."""
    folder: str = ""
    """With source "folder": path below `data_root`, e.g. benchmark/Set14/HR."""
    exclude: tuple[str, ...] = ()
    """With source "folder": images (file names without suffix) that are left out."""
    only: tuple[str, ...] = ()
    """With source "folder": images that are taken; none for all that are not excluded."""
    num_images: int = 0
    """With source "dead_leaves": how many images."""
    image_size: int = 0
    """With source "dead_leaves": side in pixels."""
    seed: int = 0
    """With source "dead_leaves"."""

    def __post_init__(self) -> None:
        """Refuse options that the source would ignore, and missing ones."""
        require_name(self.name)
        require_seed("seed", self.seed)
        generated = self.source == "dead_leaves"
        require(
            self.num_images <= MAX_GENERATED_IMAGES,
            f"num_images is at most {MAX_GENERATED_IMAGES}",
        )
        require(
            self.image_size <= MAX_GENERATED_SIDE, f"image_size is at most {MAX_GENERATED_SIDE}"
        )
        for key in ("num_images", "image_size"):
            value = getattr(self, key)
            require(
                value > 0 if generated else value == 0,
                f"{key} {value} with source {self.source!r}",
            )
        require(generated or self.seed == 0, f"seed with source {self.source!r}")
        require(
            (self.folder != "") == (self.source == "folder"),
            f"folder {self.folder!r} with source {self.source!r}",
        )
        for key in ("exclude", "only"):
            require(
                not getattr(self, key) or self.source == "folder",
                f"{key} with source {self.source!r}",
            )
        require(not (self.exclude and self.only), "exclude and only: one of them is enough")

    def takes(self, name: str) -> bool:
        """Return whether an image of the folder, without suffix, is one of the set."""
        return name in self.only if self.only else name not in self.exclude


@dataclass(frozen=True, kw_only=True)
class StudyConfig:
    """One study: variants x regimes x scales x seeds, tested over image sets."""

    study: str
    """Name of the study: its folder under results/ and reports/."""
    title: str
    variants: tuple[str, ...] | Literal["all"]
    """Stems of files in ablations/, in the order of tables; or "all", but for rivals."""
    reference: str = "dasr"
    """The variant that paired differences are taken against."""
    budget: str | None = None
    """The file of config/budgets/ that gave networks, steps and training images."""
    equal: Literal["steps", "seconds"] = "steps"
    """What methods have alike in training: the steps that the study says, or CPU seconds of
    all stages, by joint steps that `dasr equal-seconds` has found (`equal_seconds.py`)."""
    protocol: Literal["table1", "table2", "table3", "gaussian8"] | None = None
    """The published table in whose layout, and beside whose numbers, results are shown."""
    imported: tuple[ImportedConfig, ...] = ()
    """Networks from elsewhere, tested as methods of their own."""
    sweeps: tuple[SweepConfig, ...] = ()
    """Numbers of a variant that are tried at several values."""
    sizes: tuple[SizeConfig, ...] = ()
    """Sizes of the model; every variant is trained at each, and compared within it."""
    checkpoints: tuple[int, ...] = ()
    """Steps of the joint stage, before its last, whose networks are kept and tested."""
    claims: tuple[ClaimConfig, ...] | None = None
    """What is said before the training; null for one claim per method (`claims.py`), an
    empty list for none."""
    seeds: tuple[int, ...]
    scales: tuple[int, ...]
    regimes: tuple[RegimeConfig, ...]
    data_root: str = "data"
    train_sets: tuple[ImageSetConfig, ...]
    encoder_train_sets: tuple[ImageSetConfig, ...] | None = None
    """What encoder stages train on, and a contrastive term with patches of its own; null, as
    in the paper, for `train_sets`. A set of the same name is the same set."""
    validation_sets: tuple[ImageSetConfig, ...] = ()
    """What training is watched on (`dasr.training.diagnosis`), and settings may be chosen on:
    no training set, and no test set."""
    test_sets: tuple[ImageSetConfig, ...]
    test_noise_seed: int = 0
    """Seed of the noise on test images: the same for every network."""
    example_kernel_width: float = 2.4
    """The crops figure shows the grid's kernel and noise level nearest to these."""
    example_noise_level: float = 10.0
    example_whole: bool = True
    """Whether the crops figure shows each whole image too; false for test images that a
    report must not pass on."""
    embedding: EmbeddingConfig = field(default_factory=EmbeddingConfig)
    model: AnyModelConfig = field(default_factory=default_model)
    contrastive: ContrastiveConfig = field(default_factory=ContrastiveConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        """Refuse doubles, unknown scales, and regimes that lack a scale."""
        require_name(self.study)
        for name in ("seeds", "scales", "regimes", "train_sets", "test_sets"):
            require(len(getattr(self, name)) > 0, f"{name} is empty")
        require(
            self.encoder_train_sets != (), "encoder_train_sets is empty: null is train_sets"
        )
        for name in (
            "seeds", "scales", "regimes", "train_sets", "encoder_train_sets",
            "validation_sets", "test_sets", "imported", "sizes", "checkpoints",
        ):  # fmt: skip
            values = getattr(self, name) or ()
            keys = [getattr(value, "name", value) for value in values]
            require(len(set(keys)) == len(keys), f"{name}: a name is there twice: {keys}")
        self._check_encoder_sets()
        require_widths("example_kernel_width", self.example_kernel_width)
        require_values(NOISE_LEVEL, "example_noise_level", self.example_noise_level)
        require(self.data_root != "", "data_root is empty")
        require_seed("test_noise_seed", self.test_noise_seed)
        for seed in self.seeds:
            require_seed("seeds", seed)
        for scale in self.scales:
            require(scale in SCALES, f"scales: {scale} not in {list(SCALES)}")
            for regime in self.regimes:
                require(
                    scale in regime.train.kernel_width,
                    f"regimes: {regime.name}: train.kernel_width lacks scale {scale}",
                )
                require(
                    len(regime.test.at_scale(scale)) > 0,
                    f"regimes: {regime.name}: test has no kernel for scale {scale}",
                )
        for network in self.imported:
            self._check_imported(network)
        require(
            self.protocol is None or len(self.regimes) == 1,
            f"protocol {self.protocol}: needs exactly one regime, got {len(self.regimes)}",
        )
        sweep_figures(self.sweeps)
        require_scaling(self)
        self.settings()

    def sets_of_stage(self, stage: StageName) -> tuple[ImageSetConfig, ...]:
        """Return the training sets of a stage."""
        if stage == "encoder" and self.encoder_train_sets is not None:
            return self.encoder_train_sets
        return self.train_sets

    @property
    def all_train_sets(self) -> tuple[ImageSetConfig, ...]:
        """The training sets of both stages, each once."""
        both = self.train_sets + self.sets_of_stage("encoder")
        return tuple({item.name: item for item in both}.values())

    def _check_encoder_sets(self) -> None:
        others = {item.name: item for item in self.encoder_train_sets or ()}
        for item in self.train_sets:
            require(
                others.get(item.name, item) == item,
                f"encoder_train_sets: {item.name}: train_sets has another set of this name",
            )

    def _check_imported(self, network: ImportedConfig) -> None:
        regimes = [regime.name for regime in self.regimes]
        key = f"imported: {network.name}"
        require(
            network.regime in regimes,
            f"{key}: regime {network.regime!r} not in {regimes}",
        )
        for scale in network.files:
            require(
                scale in self.scales,
                f"{key}: files: scale {scale} not in the study's {list(self.scales)}",
            )

    def settings(self) -> MethodConfig:
        """Return what variants override."""
        return MethodConfig(
            model=self.model, contrastive=self.contrastive, training=self.training
        )


def require_scaling(config: StudyConfig) -> None:
    """Refuse sizes beside what knows one method per variant, and steps that are none."""
    for name in ("sweeps", "protocol"):
        require(
            not (config.sizes and getattr(config, name)),
            f"sizes and {name}: a study has one of them",
        )
    steps = config.checkpoints
    require(
        list(steps) == sorted(steps) and all(step > 0 for step in steps),
        f"checkpoints {list(steps)}: not positive and ascending",
    )

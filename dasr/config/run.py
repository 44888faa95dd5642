"""A run and its stages: what decides the weights of one network."""

from dataclasses import dataclass, field, replace
from typing import Any

from dasr.config.architectures import AnyPartConfig
from dasr.config.checks import require
from dasr.config.contrastive import ContrastiveConfig
from dasr.config.degradation import DegradationConfig
from dasr.config.first_pass import require_first_patch
from dasr.config.kernel import KERNEL_SIZE
from dasr.config.method import MethodConfig, StageName, StageTraining
from dasr.config.models.base import EncoderConfig
from dasr.config.strict import ADDED
from dasr.terms.quantities import FIRST_PASS, NOISE_LEVEL

ORACLE_QUANTITIES = (NOISE_LEVEL,)
"""What the oracle encodes beside the kernel."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of a training: what a step of it draws, and how it learns.

    A stage before the joint one is decided by this and the images alone. Variants that agree
    in all of it share what it trains, an encoder or another part: the rest of the network
    takes no part in it, so training it once per variant would compute the same bits again.
    """

    name: StageName
    scale: int
    seed: int
    degradation: DegradationConfig
    encoder: EncoderConfig | None
    contrastive: ContrastiveConfig
    training: StageTraining
    part: AnyPartConfig | None = field(default=None, metadata=ADDED)
    """What the stage trains, of a stage of a part."""

    def own_contrast(self) -> "Stage | None":
        """Return what the contrastive term draws batches of its own by, if it has any."""
        batch_size, patch_size = (
            self.training.contrastive_batch_size,
            self.training.contrastive_patch_size,
        )
        if batch_size is None or patch_size is None:
            return None
        return replace(
            self,
            contrastive=replace(self.contrastive, joint_patches="shared"),
            training=replace(
                self.training,
                batch_size=batch_size,
                patch_size=patch_size,
                contrastive_batch_size=None,
                contrastive_patch_size=None,
            ),
        )


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything but the training images that decides the weights of one network."""

    method: str
    regime: str
    scale: int
    seed: int
    degradation: DegradationConfig
    """Of the regime; `trained_on` is what the network sees of it."""
    settings: MethodConfig

    def __post_init__(self) -> None:
        """Refuse patches that the blur's reflect padding cannot serve, and idle settings."""
        for stage in self.stages():
            patch = stage.training.patch_size
            require_first_patch(stage.name, patch * self.scale, self.degradation.first_pass)
            require(
                patch * self.scale > KERNEL_SIZE // 2,
                f"training: patch_size {patch} of the {stage.name} stage gives HR patches of "
                f"{patch * self.scale} pixels; the blur needs more than {KERNEL_SIZE // 2}",
            )
        self._check_degradations()
        model, seen = self.settings.model, self.degradation_of("joint").seen()
        first = self.degradation.first_pass is not None
        require(
            model.denoiser is None or seen != self.degradation.seen(),
            f"{self.method}: denoise_first {model.denoise_first!r}: regime {self.regime} has "
            "neither noise nor compression: set it to null",
        )
        require(
            model.denoiser is None or not first,
            f"{self.method}: denoise_first {model.denoise_first!r} removes what follows the "
            f"reduction, and not the noise of {FIRST_PASS.name}, which regime {self.regime} "
            "trains with",
        )
        if model.representation == "oracle":
            unknown = [one.name for one in seen if one not in ORACLE_QUANTITIES]
            unknown += [FIRST_PASS.name] if first else []
            require(
                not unknown,
                f"{self.method}: representation: oracle encodes kernel and noise level, but "
                f"not {', '.join(unknown)}, which regime {self.regime} trains with",
            )

    @property
    def trained_on(self) -> DegradationConfig:
        """What it is trained on, but for a denoiser: of the regime, or bicubic reduction."""
        if self.settings.training.degradations == "regime":
            return self.degradation
        return DegradationConfig(kernel_width={self.scale: (0.0, 0.0)})

    def _check_degradations(self) -> None:
        """Refuse `degradations` that change nothing, and one alone where they must differ."""
        alone = self.settings.training.degradations == "bicubic"
        require(
            self.trained_on != self.degradation or not alone,
            f"{self.method}: training.degradations 'bicubic': regime {self.regime} trains on "
            "nothing else: leave it out",
        )
        if self.trained_on.varies:
            return
        seen = "training.degradations 'bicubic'" if alone else f"regime {self.regime}"
        key = f"{self.method}: {seen} is one degradation alone"
        require(
            not self.settings.contrastive.enabled,
            f"{key}, of which contrast learns nothing: set contrastive.enabled to false",
        )
        representation = self.settings.model.representation
        require(
            representation not in ("oracle", "predicted"),
            f"{key}, of which representation {representation!r} tells nothing",
        )

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages that a network goes through, in their order."""
        before = self.encoder_stage()
        contrastive = () if before is None else (before,)
        return (*self.part_stages().values(), *contrastive, self.joint_stage())

    def part_stages(self) -> dict[str, Stage]:
        """Return the stages of the model's parts, in their order, by the parts' names."""
        without = ContrastiveConfig(enabled=False)
        return {
            name: replace(self._stage(name, without), encoder=None, part=part)
            for name, part in self.settings.model.parts.items()
        }

    def degradation_of(self, stage: StageName) -> DegradationConfig:
        """Return what images of a stage go through.

        Behind a denoiser there is neither noise nor compression: only the denoiser, which is
        to remove them, trains with them, and always with the regime's.
        """
        if stage == "denoiser":
            return self.degradation
        if self.settings.model.denoiser is None:
            return self.trained_on
        return self.trained_on.without_corruption()

    def encoder_stage(self) -> Stage | None:
        """Return the encoder-only stage, or None for a method that has none.

        The contrastive loss is its only one, whatever its weight beside L1 is later.
        """
        if not self.settings.has_encoder_stage:
            return None
        alone = replace(self.settings.contrastive, weight=1.0, joint_patches="shared")
        return self._stage("encoder", alone)

    def joint_stage(self) -> Stage:
        """Return the stage of the whole network.

        An encoder that comes from no stage of its own learns at the whole rate.
        """
        settings = self.settings
        stage = self._stage("joint", settings.contrastive)
        changes: dict[str, Any] = {}
        if not settings.has_encoder_stage:
            changes["encoder_rate_share"] = 1.0
        if settings.contrastive.has_term and not settings.contrastive.shares_patches:
            own = settings.training.of_stage("encoder")
            changes["contrastive_batch_size"] = own.batch_size
            changes["contrastive_patch_size"] = own.patch_size
        return replace(stage, training=replace(stage.training, **changes))

    def _stage(self, name: StageName, contrastive: ContrastiveConfig) -> Stage:
        return Stage(
            name=name,
            scale=self.scale,
            seed=self.seed,
            degradation=self.degradation_of(name),
            encoder=self.settings.model.encoder,
            contrastive=contrastive,
            training=self.settings.training.of_stage(name),
        )

"""What every architecture's configuration tells of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """What decides a degradation encoder: networks that agree in it can share one."""

    features: int
    """Channels of the first layer; the representation has four times as many."""


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Base of the architectures' configurations; each sets defaults for the two fields."""

    architecture: str
    """Name in `ARCHITECTURES`, and of the module of dasr.architectures that builds it."""
    representation: str
    """What restoring an image is conditioned on: "learned" (of the image, by an encoder),
    "oracle" (of its true degradation, which an image of unknown degradation has not), or
    "none"."""

    @property
    def blocks(self) -> int | None:
        """Blocks of the generator, one behind the other; None where nothing is called so."""
        return None

    @property
    def encoder(self) -> EncoderConfig | None:
        """The encoder that contrast and an encoder stage can train; None without one."""
        return None

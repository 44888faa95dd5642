"""Which trained methods form a factorial design: kernel branch x channel branch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dasr.config import DASRConfig, MethodConfig
from dasr.study.methods import Method

Branches = tuple[bool, bool]
"""Whether a method has the kernel branch and the channel branch."""


@dataclass(frozen=True, kw_only=True)
class Factorial:
    """Four methods that differ in the two branches of the DA conv alone, by name.

    Without any branch, the network concatenates the representation with its features, since
    nothing would read it otherwise: what the branches do is measured against that.
    """

    both: str
    kernel_only: str
    channel_only: str
    neither: str


def factorials(methods: Iterable[Method]) -> tuple[Factorial, ...]:
    """Return the factorial designs among a study's methods, in the order of the methods.

    They are found from the configurations, at every scale, and not from names.
    """
    found: dict[tuple[tuple[int, MethodConfig], ...], dict[Branches, str]] = {}
    for method in methods:
        settings = {scale: method.settings_at(scale) for scale in method.scales}
        rest, branches = [], set[Branches]()
        for scale, own in settings.items():
            if own is None or not isinstance(own.model, DASRConfig):
                continue
            branches.add((own.model.kernel_branch, own.model.channel_branch))
            rest.append((scale, _without_branches(own, own.model)))
        if len(rest) == len(settings) and len(branches) == 1:
            found.setdefault(tuple(rest), {}).setdefault(branches.pop(), method.name)
    return tuple(
        Factorial(
            both=names[True, True],
            kernel_only=names[True, False],
            channel_only=names[False, True],
            neither=names[False, False],
        )
        for names in found.values()
        if len(names) == 4
    )


def _without_branches(settings: MethodConfig, model: DASRConfig) -> MethodConfig:
    """Return a method without what makes it one of four."""
    stands_in = not (model.kernel_branch or model.channel_branch)
    plain = replace(
        model,
        kernel_branch=True,
        channel_branch=True,
        concatenation=model.concatenation and not stands_in,
    )
    return replace(settings, model=plain)

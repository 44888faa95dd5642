"""Which methods of a study are compared with each other: those of one size."""

from collections.abc import Iterable

from dasr.study.methods import Method
from dasr.study.plan import Plan


def is_reference(method: Method) -> bool:
    """Whether a method is what those of its size are compared with."""
    return method.reference == method.name


def reference_methods(methods: Iterable[Method]) -> list[Method]:
    """Return the references among some methods, in their order: one for each size."""
    return [method for method in methods if is_reference(method)]


def references(plan: Plan) -> dict[str, str]:
    """Return what the differences of each network are taken against, by its name.

    References have none, nor has a network without size in a study with sizes, or one in a
    study that trains nothing.
    """
    trained = {method.name for method in plan.trained}
    return {
        method.name: method.reference
        for method in plan.methods
        if method.is_network and not is_reference(method) and method.reference in trained
    }


def ranked_groups(plan: Plan) -> list[list[str]]:
    """Return the methods among which the best is looked for: those of each size."""
    groups: dict[str, list[str]] = {}
    for method in plan.methods:
        if method.is_ranked:
            groups.setdefault(method.size, []).append(method.name)
    return list(groups.values())


def reference_title(plan: Plan) -> str:
    """Return what the reference is called where differences to it are shown."""
    found = reference_methods(plan.trained)
    if not found:
        return ""
    return f"{found[0].variant_title} of the same size" if found[0].size else found[0].title

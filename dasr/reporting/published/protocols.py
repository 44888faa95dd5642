"""Which published tables a study can be laid out like, and what its files are called.

Imported while a workflow is planned, so nothing slow is imported here.
"""

from collections.abc import Iterable, Sequence

from dasr.config import Kernel, StudyConfig
from dasr.errors import UserError

PROTOCOLS = {
    "table1": "Table 1",
    "table2": "Table 2",
    "table3": "Table 3",
    "gaussian8": "Gaussian8",
}
"""What each protocol is called in captions; tables are those of the paper."""
WHOLE_SCALE = frozenset({"table2", "gaussian8"})
"""Protocols whose table holds all test sets of a scale."""
PICTURED = frozenset({"table3"})
"""Protocols whose tables have a picture of each kernel in their header, in a folder beside."""
GAUSSIAN8_WIDTHS = {4: (1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.2)}
"""Kernel widths in HR pixels whose mean is published, by scale."""


def paper_table_names(
    protocol: str, scales: Sequence[int], testsets: Sequence[str]
) -> list[str]:
    """Return the names that `paper_tables` gives its tables: each one, then its twin.

    E.g. "table1-x4-Set14" and "table1_published-x4-Set14"; "table2-x4" and
    "table2_published-x4", since Table 2 holds all test sets.

    Raises:
        UserError: there is no such protocol.
    """
    require_protocol(protocol)
    places = [
        table_place(protocol, scale, testset)
        for scale in scales
        for testset in ([""] if protocol in WHOLE_SCALE else testsets)
    ]
    return [f"{protocol}{kind}-{place}" for place in places for kind in ("", "_published")]


def table_place(protocol: str, scale: int, testset: str) -> str:
    """Return the end of a table's name: "x4-Set14", or "x4" if it holds all test sets."""
    return f"x{scale}" if protocol in WHOLE_SCALE else f"x{scale}-{testset}"


def require_grid(
    protocol: str, kernels: Iterable[Kernel], noise_levels: Iterable[float]
) -> None:
    """Refuse degradations that a protocol's layout has no place for.

    Args:
        protocol: one of `PROTOCOLS`.
        kernels: the kernels that are tested at one scale.
        noise_levels: tested with each kernel, in grey levels of 0..255.

    Raises:
        UserError: no such protocol; or it is one of isotropic noise-free blur (all but
            Table 3) and a kernel is not isotropic or a noise level is not 0.
    """
    require_protocol(protocol)
    if protocol == "table3":
        return
    for kernel in kernels:
        if kernel.lambda_1 != kernel.lambda_2:
            raise UserError(
                f"protocol {protocol}: kernel {kernel.label} is not isotropic; allowed: "
                "kernel_widths alone, no kernels"
            )
    levels = [float(level) for level in noise_levels]
    if levels != [0.0]:
        raise UserError(f"protocol {protocol}: noise_levels {levels}; allowed: [0.0]")


def require_study(config: StudyConfig) -> None:
    """Refuse a study whose degradations its protocol has no place for.

    Raises:
        UserError: as `require_grid`.
    """
    for scale in config.scales if config.protocol else ():
        grid = config.regimes[0].test
        require_grid(str(config.protocol), grid.at_scale(scale), grid.noise_levels)


def require_protocol(protocol: str) -> None:
    """Refuse names of no protocol.

    Raises:
        UserError: with the names that are allowed.
    """
    if protocol not in PROTOCOLS:
        raise UserError(f"protocol {protocol!r}; allowed: {list(PROTOCOLS)}")

"""Random streams for a purpose."""

import torch

from dasr.seeds import derive_seed, generator, initialisation


def test_seed_depends_on_every_part() -> None:
    parts = [(1, "noise", 3), (2, "noise", 3), (1, "queue", 3), (1, "noise", 4), (1, "noise")]
    assert len({derive_seed(*part) for part in parts}) == len(parts)
    assert derive_seed(1, "noise", 3) == derive_seed(1, "noise", 3)
    assert all(0 <= derive_seed(*part) < 2**63 for part in parts)


def test_streams_leave_the_global_one_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    torch.rand(3, generator=generator(1, "noise"))
    with initialisation(1, "encoder"):
        inside = torch.rand(2)
    assert torch.equal(torch.rand(2), expected)
    with initialisation(1, "encoder"):
        assert torch.equal(torch.rand(2), inside)

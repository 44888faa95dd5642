"""The device of a job, and the settings of its arithmetic that decide bits."""

import torch


def use_device(threads: int, *, gpu: bool) -> torch.device:
    """Return the device to compute on, after setting threads and subnormal numbers.

    Subnormals are flushed to zero on CPUs: they are slow, and nothing here needs them.

    Args:
        threads: of the CPU; sums are split among them, so their number decides bits.
        gpu: whether to compute on the GPU.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    return torch.device("cuda" if gpu else "cpu")

"""Which methods are worth their cost."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pareto_front(cost: ArrayLike, quality: ArrayLike) -> NDArray[np.intp]:
    """Return the indices of what nothing else dominates, by ascending cost.

    One dominates another if it costs no more and is no worse, and is better in one of both.
    Equal points do not dominate each other. What has no finite cost and quality is left out.

    Args:
        cost: (N,), the smaller the better.
        quality: (N,), the larger the better.
    """
    cost, quality = np.asarray(cost, dtype=float), np.asarray(quality, dtype=float)
    known = np.flatnonzero(np.isfinite(cost) & np.isfinite(quality))
    no_dearer = cost[known, None] <= cost[known]  # (i, j): i costs no more than j
    no_worse = quality[known, None] >= quality[known]
    differs = (cost[known, None] != cost[known]) | (quality[known, None] != quality[known])
    dominated = (no_dearer & no_worse & differs).any(axis=0)
    front = known[~dominated]
    return front[np.lexsort((quality[front], cost[front]))]

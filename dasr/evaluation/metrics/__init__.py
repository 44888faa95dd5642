"""Metrics of SR images, one per module: `METRIC`, its record, and `measure`, its function.

A metric is a record of `dasr.terms.metrics.METRICS`, which every reader of rows goes by, and
a module here.
"""

from collections.abc import Callable, Sequence

from dasr.discovery import modules_of
from dasr.evaluation.reference import Comparison, Reference, planes
from dasr.pixels import Pixels
from dasr.terms.metrics import METRICS, Metric

Measure = Callable[[Comparison], list[float]]
"""The metric of each SR image of a comparison."""


def _measures() -> dict[Metric, Measure]:
    """Return the function of each metric, in the order of tables.

    Raises:
        LookupError: a record without a module, or a module without a record.
    """
    found = {module.METRIC: module.measure for module in modules_of(__name__)}
    single = sorted(metric.name for metric in set(METRICS) ^ set(found))
    if single:
        raise LookupError(
            f"metrics {single}: each needs a record in dasr.terms.metrics.METRICS and a "
            f"module of {__name__}"
        )
    return {metric: found[metric] for metric in METRICS}


MEASURES = _measures()


def measured(
    compared: Comparison, metrics: Sequence[Metric] = METRICS
) -> list[dict[str, float]]:
    """Return the metrics of each SR image, by their columns.

    Raises:
        ValueError: a metric's window does not fit inside the border.
    """
    columns = {metric.column: MEASURES[metric](compared) for metric in metrics}
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def image_quality(
    sr: Pixels, hr: Pixels, scale: int, metrics: Sequence[Metric] = METRICS
) -> dict[str, float]:
    """Return the metrics of one SR image, by their columns.

    Args:
        sr: (H, W, 3), [0, 255].
        hr: the same shape.
        scale: pixels cropped from each border.
        metrics: which ones.

    Raises:
        ValueError: shapes differ, or nothing or no window is left inside the border.
    """
    return measured(Reference(hr, scale).compare(planes(sr)), metrics)[0]

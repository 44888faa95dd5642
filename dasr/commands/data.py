"""The image sets of the field: fetch and check them."""

from collections.abc import Sequence
from pathlib import Path

from dasr.commands.outputs import writing
from dasr.config.benchmarks import BenchmarkSet, benchmark_sets
from dasr.config.folders import is_complete
from dasr.errors import UserError


def fetch_sets(names: Sequence[str], data_root: Path) -> None:
    """Download, unpack and verify sets; skip those that are there.

    Args:
        names: of the sets; none for all that can be downloaded.
        data_root: folder of all image sets.

    Raises:
        UserError: an unknown name, or what `fetch_set` refuses.
    """
    for benchmark in _chosen(names):
        folder = data_root / benchmark.folder
        if is_complete(benchmark, folder):
            print(f"{benchmark.name}: complete, {benchmark.images} images in {folder}")
        elif benchmark.request and not names:
            print(f"{benchmark.name}: not downloaded; {benchmark.remedy}")
        else:
            from dasr.data.benchmarks import fetch_set  # here: it takes seconds to import

            with writing(data_root):
                data_root.mkdir(parents=True, exist_ok=True)
            fetch_set(benchmark, data_root)


def check_sets(names: Sequence[str], data_root: Path) -> None:
    """Verify number, names, sizes and, where they are known, pixels of sets.

    Args:
        names: of the sets; none for all. Each must be there.
        data_root: folder of all image sets.

    Raises:
        UserError: an unknown name, or the first thing that is wrong; or, once all sets
            that are there have been verified, those that are not.
    """
    chosen, missing = _chosen(names), []
    from dasr.data.benchmarks import verify_set  # here: it takes seconds to import

    for benchmark in chosen:
        folder = data_root / benchmark.folder
        if not names and not folder.exists():
            print(f"{benchmark.name}: not there; {benchmark.remedy}")
            missing.append(benchmark.name)
            continue
        verify_set(benchmark, data_root)
        what = "number, sizes and pixels" if benchmark.known else "number and sizes"
        what = what if benchmark.known or _has_sizes(benchmark) else "number"
        print(f"{benchmark.name}: {benchmark.images} images in {folder}, {what} verified")
    if missing:
        raise UserError(
            f"{data_root}: {len(missing)} of {len(chosen)} image sets are not there: "
            f"{', '.join(missing)}; name those that you need: dasr data --check SET ..."
        )


def _chosen(names: Sequence[str]) -> list[BenchmarkSet]:
    every = benchmark_sets()
    for name in names:
        if name not in every:
            raise UserError(f"no image set is called {name!r}; allowed: {', '.join(every)}")
    return [every[name] for name in names or every]


def _has_sizes(benchmark: BenchmarkSet) -> bool:
    return bool(benchmark.sizes or benchmark.longer_side_above)

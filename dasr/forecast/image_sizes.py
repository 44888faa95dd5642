"""How many images of which sizes a set has, whether it is there or not."""

from pathlib import Path

from dasr.config import ImageSetConfig, image_files, open_image
from dasr.config.benchmarks import BenchmarkSet, benchmark_at
from dasr.config.complaints import ImageSize, known_sizes


def set_sizes(image_set: ImageSetConfig, data_root: Path) -> list[ImageSize] | None:
    """Return the images of a set, without reading their pixels.

    Of one of the field's sets they are what it should have, there or not (a crop to a
    multiple of a few pixels counts as whole); None where sizes are not known: another folder
    that is not there, or DF2K before its download.

    Raises:
        UserError: a folder that is there and holds something else than it should.
    """
    sizes = known_sizes(image_set)
    if sizes is not None:
        return sizes
    benchmark, files = benchmark_at(image_set.folder), list[Path]()
    if (data_root / image_set.folder).is_dir():
        files = image_files(image_set, data_root)  # whose sizes it has compared
    expected = None if benchmark is None else _expected(benchmark, image_set)
    return expected or [_read(path) for path in files] or None


def _read(path: Path) -> ImageSize:
    with open_image(path) as image:
        return ImageSize(path.stem, image.height, image.width)


def _expected(benchmark: BenchmarkSet, image_set: ImageSetConfig) -> list[ImageSize] | None:
    """Return what one of the field's sets should hold; None where that is not known."""
    if benchmark.known:
        every = [ImageSize(one.name, one.height, one.width) for one in benchmark.known]
    elif benchmark.sizes and benchmark.names:
        width, height = benchmark.sizes[0]  # the others are turned by 90 degrees
        every = [ImageSize(name, height, width) for name in benchmark.names]
    else:
        return None
    return [image for image in every if image_set.takes(image.name)]

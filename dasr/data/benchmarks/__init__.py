"""The image sets of the field: downloaded, unpacked, verified. No torch here."""

from dasr.data.benchmarks.download import ResumingDownloader
from dasr.data.benchmarks.downloads import Downloads
from dasr.data.benchmarks.fetch import fetch_set, verify_set
from dasr.data.benchmarks.unpack import unpack

__all__ = ["Downloads", "ResumingDownloader", "fetch_set", "unpack", "verify_set"]

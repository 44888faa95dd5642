"""Numbers and tables in Markdown that a command places from files, and that a check compares.

A marker is a comment, which no page shows, before and after what is placed:

    <!--n reports/x/summary.csv method=dasr kernel=mean gain_db .2f-->0.71<!--/n-->
    <!--table reports/x/tables/psnr.md-->

    | Method | ...

    <!--/table-->

`n` names a file below the working directory, rows and columns of it (`CitedFiles.values`), and
how they are written: a format of Python for one column, or a template in quotes for several,
such as "{:.2f} [{:.2f}, {:.2f}]". After `<!--source NAME FILE ...-->`, NAME stands for the file
and for what of rows or keys follows it there. `table` takes over a table's Markdown without its
caption. What is code in Markdown is left alone. Markdown takes a comment at the beginning of a
line for a block of its own, so that an `n` there is refused.
"""

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dasr.config import require_regular
from dasr.errors import UserError
from dasr.files import write_text
from dasr.reporting.cited import CitedFiles, existing, written

PROSE = ("README.md", "docs/*.md", "reports/*/README.md")
"""Where numbers are that a reader may take for results."""
MARKED = re.compile(
    r"```.*?```|~~~.*?~~~|`[^`\n]+`"
    r"|<!--source\s(?P<source>.*?)-->"
    r"|<!--(?P<kind>n|table)\s(?P<asked>.*?)-->(?P<text>.*?)<!--/(?P=kind)-->"
    r"|(?P<alone><!--/?(?:n|table|source)\b)",
    re.DOTALL,
)
IMAGE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)(\))")
"""A picture in Markdown, whose address is relative to its file."""
SHOWN = 60
"""Characters of a text that a message repeats."""


@dataclass(frozen=True)
class WrongMarker:
    """A marker that does not hold what it should, or of which that is not known."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        """Return e.g. "README.md:42: '0.71', but its source has '0.73'"."""
        return f"{self.file}:{self.line}: {self.what}"


def prose_files() -> list[Path]:
    """Return the Markdown files of the project in the working directory."""
    return sorted(path for pattern in PROSE for path in Path().glob(pattern))


def placed(file: Path, cited: CitedFiles) -> tuple[str, list[WrongMarker], list[WrongMarker]]:
    """Return a Markdown file's text with everything placed, and what was wrong with it.

    Args:
        file: below the working directory, as the paths of its markers are.
        cited: what has been read.

    Returns:
        The new text, the markers that held something else, and those that have a fault, such
        as a source that is gone, and stay as they are.

    Raises:
        UserError: the file cannot be read as text.
    """
    require_regular(file)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: cannot be read: {error}") from None
    sources: dict[str, list[str]] = {}
    stale: list[WrongMarker] = []
    faults: list[WrongMarker] = []

    def replaced(match: re.Match[str]) -> str:
        line = text.count("\n", 0, match.start()) + 1
        if match["alone"]:
            fault = f"{match['alone']}: no whole marker begins or ends here"
            faults.append(WrongMarker(file, line, fault))
        try:
            if match["source"]:
                name, *words = _words(match["source"], at_least=2)
                sources[name] = words
            if not match["kind"]:
                return match[0]
            expected = _expected(match, sources, file, cited)
        except UserError as error:
            faults.append(WrongMarker(file, line, str(error)))
            return match[0]
        if expected != match["text"]:
            found, source = _shown(match["text"], expected)
            what = f"{found!r}, but its source has {source!r}"
            stale.append(WrongMarker(file, line, what))
        begin, end = match.span("text")
        return text[match.start() : begin] + expected + text[end : match.end()]

    return MARKED.sub(replaced, text), stale, faults


def wrong_numbers(files: Iterable[Path]) -> list[WrongMarker]:
    """Return every marker of some Markdown files that is wrong."""
    cited = CitedFiles()
    return [one for file in files for some in placed(file, cited)[1:] for one in some]


def place_numbers(files: Iterable[Path]) -> tuple[list[WrongMarker], list[WrongMarker]]:
    """Place everything in some Markdown files; return what was replaced, and the faults."""
    cited = CitedFiles()
    replaced: list[WrongMarker] = []
    faults: list[WrongMarker] = []
    for file in files:
        text, stale, own = placed(file, cited)
        if stale:
            write_text(file, text)
        replaced, faults = [*replaced, *stale], [*faults, *own]
    return replaced, faults


def _expected(
    match: re.Match[str], sources: Mapping[str, list[str]], file: Path, cited: CitedFiles
) -> str:
    """Return what belongs between the comments of a marker."""
    before = match.string[: match.start()].rpartition("\n")[2]
    if match["kind"] == "n" and not before.strip():
        raise UserError(
            "a number at the beginning of a line ends its paragraph: put a word first"
        )
    name, *words = _words(match["asked"], at_least=3 if match["kind"] == "n" else 1)
    path, *given = sources.get(name, [name])
    if match["kind"] == "table":
        return _table(path, file)
    *words, form = words
    return written(form, cited.values(path, words, given))


def _words(asked: str, at_least: int) -> list[str]:
    try:
        words = shlex.split(asked)
    except ValueError as error:
        raise UserError(f"{' '.join(asked.split())}: {error}") from None
    if len(words) < at_least:
        raise UserError(f"{' '.join(asked.split())}: too few words: file, columns, format")
    return words


def _table(path: str, file: Path) -> str:
    """Return a table's Markdown from its first line on; pictures as seen from `file`."""
    lines = existing(path).read_text("utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("|")), None)
    if start is None:
        raise UserError(f"{path}: no table in it")

    def seen(match: re.Match[str]) -> str:
        before, address, after = match.groups()
        target = Path(path).parent / address
        return f"{before}{os.path.relpath(target, file.parent)}{after}"

    return "\n\n" + IMAGE.sub(seen, "\n".join(lines[start:])) + "\n\n"


def _shown(*texts: str) -> list[str]:
    """Return two texts, each in one line; of long ones what stands around the difference."""
    lines = [" ".join(text.split()) for text in texts]
    pairs = enumerate(zip(*lines, strict=False))
    differs = next((number for number, (a, b) in pairs if a != b), min(map(len, lines)))
    start = max(0, differs - SHOWN // 2) if max(map(len, lines)) > SHOWN else 0
    return [line[start : start + SHOWN] for line in lines]

"""A table as a small HTML page, for the self-contained report."""

from base64 import b64encode

from markupsafe import Markup

from dasr.reporting.tabulating.model import Table
from dasr.templates import rendered

KINDS = {"r": Markup(""), "c": Markup(' class="centre"')}
"""What cells of an alignment are; everything else is text, which may have several lines."""
TEXT = Markup(' class="text"')


def html_page(table: Table) -> str:
    """Return a whole page: caption, table, note. Pictures are inside it.

    A picture has no text in its place: the header's text says the same.
    """
    return rendered(
        __package__,
        "page.html.j2",
        table=table,
        kinds=[KINDS.get(align, TEXT) for align in table.alignment],
        pictures={
            number: b64encode(picture.png).decode("ascii")
            for number, picture in table.pictures.items()
        },
    )

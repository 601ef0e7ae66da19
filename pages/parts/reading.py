"""What is read of a form, drawn as one part of the page: a document of two hundred lines is one message to the browser.

The script (pages/assets/reading.js) sets every text as text, so that what people typed is shown as typed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cts.domain.fields import FormSection
from pages.parts.component import component

_draw = component("cts_reading", "reading.js")

Kind = Literal["facts", "answers", "signatures", "history"]


def section_anchor(section: FormSection) -> str:
    """Where a link to a section leads: its title."""
    return f"section-{section.key}"


class Reading:
    """Collects what follows each other and draws it; `key` tells several on one page apart."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._blocks: list[dict[str, Any]] = []

    def section(self, section: FormSection) -> None:
        """The title of a section, which the list of sections leads to, and its note."""
        self._title(section.title, 2, section_anchor(section))
        self.note(section.note)

    def subtitle(self, title: str) -> None:
        """A title that nothing leads to."""
        self._title(title, 3, "")

    def words(self, text: str) -> None:
        """A line of text."""
        self._blocks.append({"kind": "words", "text": text})

    def note(self, text: str) -> None:
        """Quiet words; nothing where there are none."""
        if text:
            self._blocks.append({"kind": "note", "text": text})

    def pairs(self, kind: Kind, rows: Sequence[tuple[str, ...]], *, alert: bool = False) -> None:
        """Label and value; of facts the source, too. `alert`: what is to be seen first. Nothing where there are none."""
        if rows:
            self._blocks.append({"kind": kind, "rows": [list(row) for row in rows], "alert": alert})

    def rows(self, label: str, table: Mapping[str, Any], totals: Sequence[str]) -> None:
        """A table without buttons (`table_data`), below its label, and its totals."""
        self._blocks.append({"kind": "rows", "label": label, "table": table, "totals": list(totals)})

    def draw(self) -> None:
        """Draw what was collected."""
        if self._blocks:
            _draw(key=f"reading_{self._key}", data={"blocks": self._blocks})

    def _title(self, text: str, level: int, anchor: str) -> None:
        self._blocks.append({"kind": "title", "text": text, "level": level, "anchor": anchor})

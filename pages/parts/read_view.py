"""A form to be read: labels and values. What people typed is shown as text, never as markup."""

from collections.abc import Sequence
from itertools import groupby

from cts.domain.answer_checks import is_asked
from cts.domain.answer_words import shown
from cts.domain.fields import Field, FormSection, Kind
from cts.services.documents import HIDDEN, PRIVATE_TO, DocumentView
from pages.parts.facts_view import read_facts
from pages.parts.reading import Reading
from pages.parts.rows_table import read_rows


def show_read_only(view: DocumentView) -> None:
    """All sections of a document, with what this person may see of them."""
    reading = Reading("document")
    there = sections_there(view)
    for section in there:
        if section.fields:
            reading.section(section)
            read_facts(reading, section, view.facts, view.hidden)
            if not view.unread:
                read_answers(reading, view, section, section.fields)
    absent = [section.title for section in view.spec.sections if section not in there]
    reading.note(f"Nothing has been submitted of: {'; '.join(absent)}." if absent else "")
    reading.draw()


def sections_there(view: DocumentView) -> tuple[FormSection, ...]:
    """Those that have something for this person: a title with nothing below it says less than the sentence that names it."""
    given = (s for s in view.spec.sections if not s.fields or any(f.kind is Kind.FACT for f in s.fields))
    return tuple(given) if view.unread else view.spec.sections


def read_answers(reading: Reading, view: DocumentView, section: FormSection, fields: Sequence[Field]) -> None:
    """The answers to some questions of a section, in the form's order; those without one are named together."""
    asked = [f for f in fields if f.kind is not Kind.FACT and _is_for(view, f)]
    values = {f.key: HIDDEN if f.key in view.hidden else shown(f, view.answers.get(f.key)) for f in asked}
    groups = groupby((f for f in asked if values[f.key]), lambda f: f.kind is Kind.ROWS and f.key not in view.hidden)
    for in_rows, group in groups:
        if in_rows:
            for field in group:
                titled = field.label != section.title
                read_rows(reading, field, view.answers.get(field.key), view.stage, view.files, titled=titled)
        else:
            together = list(group)
            alert = any(f.kind is Kind.ALERTS for f in together)
            reading.pairs("answers", [(f.label, values[f.key]) for f in together], alert=alert)
    blank = [f.label for f in asked if not values[f.key]]
    if blank:
        reading.note(f"Not answered: {', '.join(blank)}")


def _is_for(view: DocumentView, field: Field) -> bool:
    """Not asked, or not this person's to see: then "not answered" would be wrong."""
    return is_asked(field, view.answers, view.stage) and (not field.private or bool(view.parties & PRIVATE_TO))

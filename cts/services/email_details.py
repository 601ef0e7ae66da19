"""What an e-mail about an assignment says in each of its places: from the caller, from the history entry, or from the assignment."""

from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import Document
from cts.outside.mail import BLOCK, CannotCompose, Detail, details_of, sayable
from cts.services.history import document_words
from db.models import Agency, Assignment, HistoryEntry, Office, Person, ReviewedDocument

_PERSON_DETAILS = frozenset({"by", "advocate", "case_worker"})


def wanted_details(
    session: Session, template: str, given: Mapping[str, object], history_id: int | None, number: int | None, about: str
) -> dict[str, Detail]:
    """The details the text of the e-mail names, each as it is to be read: from the caller, the history entry or the assignment.

    `about`: the document, where the caller knows it. Raises CannotCompose for an unknown template or a missing detail.
    """
    wanted: dict[str, Detail] = {}
    for name in sorted(details_of(template)):
        value: object = (about or _document_words(session, history_id)) if name == "document" else None
        value = value or given.get(name) or session.scalar(_reading_of(name, history_id, number))
        if not value:
            raise CannotCompose(f"The e-mail {template} needs {name}, which neither the caller nor the assignment has.")
        if name == BLOCK and isinstance(value, list):
            wanted[name] = [str(line) for line in value]
        else:
            wanted[name] = value if isinstance(value, int) else _worded(session, name, str(value))
    return wanted


def _document_words(session: Session, history_id: int | None) -> str:
    """Which document it is about, the phase or count with it; '' without a history entry."""
    found = document_of_entry(session, history_id) if history_id is not None else None
    return document_words(*found) if found else ""


def _worded(session: Session, name: str, text: str) -> str:
    """A name as an e-mail says it: people as spoken, an office whose name says what CTS is about by its code."""
    if name in _PERSON_DETAILS:
        return spoken_name(text)
    if name == "office":
        return sayable(text, session.scalar(select(Office.code).where(Office.name == text)) or "another office")
    return text


def _reading_of(name: str, history_id: int | None, number: int | None) -> Select[str]:
    """Where a detail is found: who acted in the history entry, everything else through the assignment."""
    if name == "by":
        acted = select(Person.name).join(HistoryEntry, HistoryEntry.actor_id == Person.id)
        return acted.where(HistoryEntry.id == history_id)
    ways = {
        "agency": select(Agency.name).join(Assignment, Assignment.agency_id == Agency.id),
        "advocate": select(Person.name).join(Assignment, Assignment.advocate_id == Person.id),
        "case_worker": select(Person.name).join(Assignment, Assignment.worker_id == Person.id),
        "office": select(Office.name).join(Assignment, Assignment.office_code == Office.code),
    }
    if name not in ways:
        raise CannotCompose(f"The caller must give {name}.")
    return ways[name].where(Assignment.number == number)


def document_of_entry(session: Session, history_id: int) -> tuple[Document, int] | None:
    """Kind and sequence of the document that a history entry is about."""
    kind_of = select(ReviewedDocument.kind, ReviewedDocument.sequence)
    about = kind_of.join(HistoryEntry, HistoryEntry.document_id == ReviewedDocument.id)
    row = session.execute(about.where(HistoryEntry.id == history_id)).first()
    return (Document(row[0]), int(row[1])) if row else None

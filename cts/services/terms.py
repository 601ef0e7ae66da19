"""Numbers of assignments, and the terms of an episode: a closed youth is referred again, and each term is an assignment of its own."""

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import Session

from db.models import Assignment

FIRST_NUMBER = 10_001
_POSTGRES_LOCK = 10_003


def next_number(session: Session) -> int:
    """The next Assignment #. Whoever asks is the only one to give numbers until the transaction ends.

    On SQLite there is one writer anyway; on PostgreSQL a person and an extract that add assignments at the same moment wait in line.
    Ask before any assignment is changed in this transaction, lest the two wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    # A statement of its own: it reads what the one before us in the line has saved.
    highest = session.scalar(select(func.max(Assignment.number)))
    return FIRST_NUMBER if highest is None else highest + 1


def later_term_of(assignment: Assignment) -> ColumnElement[bool]:
    """What is true of the terms that followed an assignment: same youth, same referral; the same case where no referral is known."""
    episode = Assignment.referral_id == assignment.referral_id
    if assignment.referral_id is None:
        episode = Assignment.case_id.is_not_distinct_from(assignment.case_id)
    return and_(Assignment.youth_id == assignment.youth_id, Assignment.term > assignment.term, episode)

"""The uploaded files of an assignment."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CaseFile


def tokens_of(session: Session, assignment_id: int) -> set[str]:
    """The tokens of the files of an assignment that were not removed."""
    wanted = (CaseFile.assignment_id == assignment_id, CaseFile.removed_at.is_(None))
    return set(session.scalars(select(CaseFile.token).where(*wanted)))

"""The files that stand in the rows of a document: kept there as tokens, shown by their names."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.answer_words import Difference
from cts.domain.fields import Kind
from cts.services.fetching import Fetched
from db.models import CaseFile


def file_names(session: Session, found: Fetched) -> dict[str, str]:
    """The name of each file of the record that was not removed, by its token, for a document that holds files."""
    if not any(c.kind is Kind.FILE for f in found.spec.fields() for c in f.columns):
        return {}
    mine = (CaseFile.assignment_id == found.assignment.id, CaseFile.removed_at.is_(None))
    return {row.token: row.name for row in session.execute(select(CaseFile.token, CaseFile.name).where(*mine))}


def with_file_names(difference: Difference, names: Mapping[str, str]) -> Difference:
    """What changed, with the names of files in place of their tokens."""
    if not any(c.kind is Kind.FILE for c in difference.field.columns):
        return difference
    before, after = difference.before, difference.after
    for token, name in names.items():
        before, after = before.replace(token, name), after.replace(token, name)
    return replace(difference, before=before, after=after)

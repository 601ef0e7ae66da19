"""Supervisors of an office share what waits for them: claim, take over, return."""

from cts.services.claiming import claim_document, return_document
from tests.parts.desk import Desk


def claims(desk: Desk, who: str, version: int | None = None, taken_from: str = "") -> str:
    """A minute later; with `taken_from` as who has seen that person's claim and was asked."""
    seen = desk.sees("scsw").version if version is None else version
    other = desk.cast.people[taken_from].person_id if taken_from else None
    return claim_document(desk.cast.people[who], desk.number, seen, desk.tick(), desk.kind, desk.sequence, other)


def returns(desk: Desk, who: str, version: int | None = None) -> str:
    """A minute later."""
    seen = desk.sees("scsw").version if version is None else version
    return return_document(desk.cast.people[who], desk.number, seen, desk.tick(), desk.kind, desk.sequence)

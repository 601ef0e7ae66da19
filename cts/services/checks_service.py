"""Checks of the service of youth: Advocates, agencies, flags, files, and what was purged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.vocabulary import CLOSED_STATUSES, Document, Party, Status
from cts.services.checking import About, Check, found_by
from cts.services.fetching import today_of
from cts.services.holds import held
from cts.services.purge_rows import is_left_over, told_still
from db.models import (
    Agency,
    Assignment,
    CaseFile,
    CaseFileContent,
    GridRow,
    Person,
    PurgeCertificate,
    PurgeMark,
    PurgePermit,
    ReviewedDocument,
    Stay,
)

WHICH = "Assignment {number}"
_OPEN = Assignment.status == Status.APPROVED
_ASSIGNMENTS = select(Assignment.number).order_by(Assignment.number)


def _two_advocates(session: Session, _now: datetime) -> Sequence[str]:
    """What the Advocate writes is with another Advocate than the assignment's, or the Advocate is of another agency, or has left."""
    another = exists().where(
        Stay.assignment_id == Assignment.id,
        Stay.left_at.is_(None),
        Stay.party == Party.ADVOCATE,
        Stay.person_id.is_distinct_from(Assignment.advocate_id),
    )
    advocate = aliased(Person)
    astray = or_(~advocate.active, advocate.agency_id.is_distinct_from(Assignment.agency_id))
    query = _ASSIGNMENTS.outerjoin(advocate, advocate.id == Assignment.advocate_id)
    served = and_(_OPEN, or_(another, and_(Assignment.advocate_id.is_not(None), astray)))
    return found_by(session, query.where(served), WHICH)


def _contract_over(session: Session, now: datetime) -> Sequence[str]:
    query = select(Assignment.number, Agency.name).join(Agency, Agency.id == Assignment.agency_id)
    query = query.where(_OPEN, Agency.contract_end_on < today_of(now)).order_by(Assignment.number)
    return found_by(session, query, WHICH + ": {name}")


def _flags(session: Session, _now: datetime) -> Sequence[str]:
    """The flag has ended and the assignment has not, though no agency has it; or it is closed as Flag ended, and the flag is not."""
    goes_on = Assignment.status.not_in(sorted({*CLOSED_STATUSES, Status.APPROVED}))
    wrong = or_(
        and_(Assignment.flag_ended_on.is_not(None), goes_on),
        and_(Assignment.status == Status.FLAG_ENDED, Assignment.flag_ended_on.is_(None)),
    )
    query = select(Assignment.number, Assignment.status).where(wrong).order_by(Assignment.number)
    return found_by(session, query, WHICH + ": {status}")


def _closed_at(session: Session, _now: datetime) -> Sequence[str]:
    closed = Assignment.status.in_(sorted(CLOSED_STATUSES))
    wrong = or_(and_(closed, Assignment.closed_at.is_(None)), and_(~closed, Assignment.closed_at.is_not(None)))
    return found_by(session, _ASSIGNMENTS.where(wrong), WHICH)


def _victim_without_end(session: Session, _now: datetime) -> Sequence[str]:
    """Type 6871 must have an end date (mission §2)."""
    query = select(Assignment.number).join(GridRow).where(GridRow.csec_type == "6871", GridRow.end_on.is_(None))
    return found_by(session, query.order_by(Assignment.number), WHICH)


def _files(session: Session, _now: datetime) -> Sequence[str]:
    bare = select(Assignment.number, CaseFile.id).select_from(CaseFile).join(Assignment)
    bare = bare.where(~exists().where(CaseFileContent.file_id == CaseFile.id)).order_by(CaseFile.id)
    lost = select(CaseFileContent.file_id.label("id")).where(~exists().where(CaseFile.id == CaseFileContent.file_id))
    return [
        *found_by(session, bare, WHICH + ": file {id} has no content"),
        *found_by(session, lost, "Content {id} belongs to no file"),
    ]


def _half_purged(session: Session, _now: datetime) -> Sequence[str]:
    """A purged record that still holds something, or has no certificate; a permit left open; a record under a hold that is marked."""
    no_certificate = ~exists().where(PurgeCertificate.assignment_number == Assignment.number)
    left = or_(is_left_over(), Assignment.number.in_(told_still(session)), no_certificate)
    purged = _ASSIGNMENTS.where(Assignment.purged_at.is_not(None), left)
    marked = _ASSIGNMENTS.join(PurgeMark).where(held(), PurgeMark.taken_off_at.is_(None))
    permits = select(PurgePermit.id).order_by(PurgePermit.id)
    return [
        *found_by(session, purged, WHICH + " is not purged as a whole"),
        *found_by(session, marked, WHICH + " is under a legal hold and marked"),
        *found_by(session, permits, "Permit {id} was left open"),
    ]


def _no_referral(session: Session, _now: datetime) -> Sequence[str]:
    own = exists().where(ReviewedDocument.assignment_id == Assignment.id, ReviewedDocument.kind == Document.REFERRAL)
    return found_by(session, _ASSIGNMENTS.where(~own), WHICH)


CHECKS = (
    Check(
        "two_advocates",
        About.RECORDS,
        "A served youth has one Advocate, of the agency that serves",
        "Work is with another person than the Advocate of the assignment, or that Advocate left or belongs to another agency: "
        "somebody may see a record who should not, or nobody writes it.",
        "The agency's coordinator assigns the Advocate again on the record; that hands everything on.",
        _two_advocates,
    ),
    Check(
        "contract_over",
        About.RECORDS,
        "Agencies that serve youth are under contract",
        "The agency's contract is over, its people cannot sign in, and youth are still assigned to it.",
        "CSEC Administration assigns the youth to another agency on the page Attention, or corrects the end of the contract.",
        _contract_over,
    ),
    Check(
        "flags",
        About.RECORDS,
        "Flag and status agree",
        "CWS/CMS ended the flag and the assignment is still open without an agency; or it was closed as Flag ended and the flag stands.",
        "Load the newest extract again. If it stays, CSEC Administration closes the assignment, or refers the youth again.",
        _flags,
    ),
    Check(
        "closed_at",
        About.RECORDS,
        "A closed assignment says when it was closed",
        "Without the moment of closing no retention can be counted; an open assignment must have none.",
        "Technical support enters the moment that the history tells.",
        _closed_at,
    ),
    Check(
        "victim_without_end",
        About.RECORDS,
        "A row of the grid of type 6871 has an end date",
        "The CSEC Data Grid holds a row of type 6871, Victim while Absent from Placement, without an end, which CWS/CMS does not allow.",
        "The case worker enters the end date in CWS/CMS; the next extract brings it.",
        _victim_without_end,
    ),
    Check(
        "no_referral",
        About.RECORDS,
        "Every assignment has its Referral",
        "The assignment is on the listing, and opens nothing.",
        "Technical support looks into the newest backup; without one there, the youth is loaded again from the extract.",
        _no_referral,
    ),
    Check(
        "files",
        About.RECORDS,
        "Every file has its content, and every content its file",
        "A file is named on a record and cannot be opened, or content is kept that no record shows.",
        "Ask who uploaded the file to add it again and remove the empty one; content without a file is restored from the "
        "backup, or removed by Technical support.",
        _files,
    ),
    Check(
        "half_purged",
        About.RECORDS,
        "What was purged is purged as a whole, and nothing under a hold is marked",
        "A purged record still holds something, has no certificate, or the permit of a purge was left open.",
        "Restore the newest backup and run python -m cts purge --again; a mark under a legal hold is taken off on the page Retention.",
        _half_purged,
    ),
)

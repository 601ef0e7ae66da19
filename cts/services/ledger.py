"""The ledger of Restoration Funds: of one youth's record, of an agency, and of all agencies (mission §4.4).

What counts is what was submitted: an actual cost or receipt that the Advocate is still writing is nobody else's, and comes into the ledger
when the receipts are submitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.ledger import Alarm, AlarmKind, FundRequest, Sums, alarms_of, read_request, sums_of, total
from cts.domain.vocabulary import Document, Party, Role, Status
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.case_file_rights import receipts_in
from cts.services.case_files import sha256_of
from cts.services.facts import Facts
from cts.services.fetching import Fetched, refusals_logged, today_of
from cts.services.history import document_words
from cts.services.record_access import fetch_record
from cts.services.refusals import NotPermitted
from cts.services.versions import content_for
from db.models import Agency, Assignment, ReviewedDocument, Youth
from db.session import reading, writing

WHOLE_LEDGER = frozenset({Role.ADMINISTRATION, Role.COORDINATOR})
NAMED_AT_ONCE = 3


@dataclass(frozen=True)
class LedgerLine:
    """One request. Days are in the County's writing, '' for none; `alarms` say what does not fit in it."""

    number: int
    sequence: int
    words: str
    agency: str
    status: Status
    requested: str
    approved: str
    sums: Sums
    alarms: tuple[AlarmKind, ...]


@dataclass(frozen=True)
class LedgerAlarm:
    """What does not fit, and where."""

    kind: AlarmKind
    number: int
    sequence: int
    sentence: str


@dataclass(frozen=True)
class AgencySums:
    """The figures of one agency."""

    agency: str
    requests: int
    sums: Sums


@dataclass(frozen=True)
class Ledger:
    """Requests newest first, their exact sums, what does not fit. `agencies` and `years` are those with requests, whatever was chosen."""

    lines: tuple[LedgerLine, ...]
    sums: Sums
    alarms: tuple[LedgerAlarm, ...]
    by_agency: tuple[AgencySums, ...] = ()
    agencies: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def ledger_of(actor: Actor, number: int) -> Ledger:
    """The ledger of the youth of assignment `number`, for whoever reads the record. Raises NotPermitted.

    A receipt is looked for in all requests of the agency; a request of another youth is named only to who sees the whole ledger.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        all_named = bool(found.parties & {Party.ADMINISTRATION, Party.COORDINATOR})
        mine = (ReviewedDocument.assignment_id == found.assignment.id, ReviewedDocument.kind == Document.FUNDS)
        if session.scalar(select(ReviewedDocument.id).where(*mine).limit(1)) is None:
            return Ledger((), Sums(), ())
        requests = _requests(session, Assignment.agency_id == found.assignment.agency_id)
    own = [r for r in requests if r.number == number]
    alarms = [a for a in alarms_of(requests) if a.request.number == number]
    return _ledger(own, alarms, all_named=all_named)


def agency_ledger(
    actor: Actor,
    now: datetime,
    *,
    agency: str = "",
    year: int | None = None,
    month: int | None = None,
    opened: bool = False,
) -> Ledger:
    """The ledger of the coordinator's own agency; for CSEC Administration of all of them, or of the one named.

    Of the requests dated in a year, or a month (1 to 12) of it; None: of all. `opened`: the page was just opened, and the look is logged.
    Raises NotPermitted.
    """
    with refusals_logged(actor, "open ledger", 0, now):
        if actor.role not in WHOLE_LEDGER or (actor.role is Role.COORDINATOR and actor.agency_id is None):
            raise NotPermitted("The ledger is read by agency coordinators and CSEC Administration.")
    if opened:
        with writing() as session:
            record_access(session, actor, "open ledger", now)
    with reading() as session:
        own = actor.role is Role.COORDINATOR
        scope = (Assignment.agency_id == actor.agency_id,) if own else ()
        requests = _requests(session, *scope)
    chosen = [r for r in requests if _is_chosen(r, agency, year, month)]
    alarms = [alarm for name in _names(requests) for alarm in alarms_of([r for r in requests if r.agency == name])]
    shown = _ledger(chosen, [a for a in alarms if a.request in chosen], all_named=True)
    by_agency = [(name, [r for r in chosen if r.agency == name]) for name in _names(chosen)]
    days = {r.requested_on for r in requests if r.requested_on}
    return Ledger(
        shown.lines,
        shown.sums,
        shown.alarms,
        tuple(AgencySums(name, len(rows), total(rows)) for name, rows in by_agency),
        tuple(_names(requests)),
        tuple(sorted({day.year for day in days}, reverse=True)),
    )


def _names(requests: Sequence[FundRequest]) -> list[str]:
    return sorted({r.agency for r in requests}, key=str.casefold)


def _is_chosen(request: FundRequest, agency: str, year: int | None, month: int | None) -> bool:
    day = request.requested_on
    of_agency = not agency or request.agency == agency
    of_year = year is None or (day is not None and day.year == year)
    return of_agency and of_year and (month is None or (day is not None and day.month == month))


def _requests(session: Session, *scope: ColumnElement[bool]) -> list[FundRequest]:
    """Every request that was ever submitted, as it was submitted, by assignment and count."""
    statement = (
        select(Assignment, Youth, ReviewedDocument, Agency.name)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(ReviewedDocument.kind == Document.FUNDS, ReviewedDocument.rounds > 0, *scope)
        .order_by(Assignment.number, ReviewedDocument.sequence)
    )
    rows = session.execute(statement).all()
    sent = [
        # As somebody who writes nothing here reads it: what was submitted, never a draft.
        content_for(session, Fetched(assignment, youth, document, frozenset()), Facts({}, "", assignment.extract_on))[0]
        for assignment, youth, document, _ in rows
    ]
    files = sha256_of(session, {token for answers in sent for token in receipts_in(answers)})
    return [
        read_request(
            assignment.number,
            document.sequence,
            agency,
            Status(document.status),
            today_of(document.approved_at) if document.approved_at else None,
            answers,
            files,
        )
        for (assignment, _, document, agency), answers in zip(rows, sent, strict=True)
        if answers
    ]


def _ledger(requests: Sequence[FundRequest], alarms: Sequence[Alarm], *, all_named: bool) -> Ledger:
    kinds = {r.key: tuple(dict.fromkeys(a.kind for a in alarms if a.request.key == r.key)) for r in requests}
    newest_first = sorted(requests, key=lambda r: (r.requested_on is not None, r.requested_on, r.key), reverse=True)
    lines = tuple(
        LedgerLine(
            number=r.number,
            sequence=r.sequence,
            words=document_words(Document.FUNDS, r.sequence),
            agency=r.agency,
            status=r.status,
            requested=us_date(r.requested_on),
            approved=us_date(r.approved_on),
            sums=sums_of(r),
            alarms=kinds[r.key],
        )
        for r in newest_first
    )
    # What can still be put right comes first: money that was paid back is settled, though it stays marked.
    ordered = sorted(alarms, key=lambda a: a.request.status is Status.REIMBURSED)
    said = tuple(LedgerAlarm(a.kind, *a.request.key, f"{a.sentence}{_where(a, all_named)}") for a in ordered)
    return Ledger(lines, total(requests), said)


def _where(alarm: Alarm, all_named: bool) -> str:
    """In which other requests the same receipt stands."""
    own = alarm.request.number
    named = [
        document_words(Document.FUNDS, sequence)
        if number == own
        else f"assignment {number}, {document_words(Document.FUNDS, sequence)}"
        for number, sequence in alarm.others
        if all_named or number == own
    ]
    if len(named) < len(alarm.others):
        named.append("a request for another youth of this agency")
    more = f" and {len(named) - NAMED_AT_ONCE} more" if len(named) > NAMED_AT_ONCE else ""
    return f" See {'; '.join(named[:NAMED_AT_ONCE])}{more}." if named else ""

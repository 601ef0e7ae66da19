"""The ledger of Restoration Funds: of one youth's record, of an agency, and of all agencies (mission §4.4).

What counts is what was submitted: an actual cost or receipt that the Advocate is still writing is nobody else's, and comes into the ledger
when the receipts are submitted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.ledger import Alarm, AlarmKind, FundRequest, Sums, alarms_of, read_request, sums_of, total, unproved
from cts.domain.vocabulary import Action, Document, Party, Role, Status
from cts.domain.workflow_table import DECISIONS
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import refusals_logged, today_of
from cts.services.history import document_words
from cts.services.record_access import fetch_record
from cts.services.refusals import NotPermitted
from db.models import Agency, Assignment, CaseFile, DocumentVersion, HistoryEntry, ReviewedDocument
from db.session import reading, writing

WHOLE_LEDGER = frozenset({Role.ADMINISTRATION, Role.COORDINATOR})
NAMED_AT_ONCE = 3
_paid_to = func.coalesce(ReviewedDocument.paid_agency_id, Assignment.agency_id)
"""The agency whose money a request is, though another one may have the youth by now (decision 0049)."""


@dataclass(frozen=True)
class LedgerLine:
    """One request. Days are in the County's writing, '' for none; `alarms` say what does not fit in it, `unproved` what no receipt shows."""

    number: int
    sequence: int
    agency: str
    status: Status
    requested: str
    approved: str
    sums: Sums
    alarms: tuple[AlarmKind, ...]
    unproved: str


@dataclass(frozen=True)
class LedgerAlarm:
    """What does not fit, and where; `paid`: the money was paid back meanwhile."""

    kind: AlarmKind
    number: int
    sequence: int
    sentence: str
    paid: bool


@dataclass(frozen=True)
class AgencySums:
    """The figures of one agency."""

    agency: str
    requests: int
    sums: Sums


@dataclass(frozen=True)
class Ledger:
    """Requests newest first, their exact sums, what does not fit. `agencies` and `years` are those with requests, whatever was chosen.

    `elsewhere`: assignments of these requests that another agency has by now; the agency reads what it was paid, not the record.
    """

    lines: tuple[LedgerLine, ...]
    sums: Sums
    alarms: tuple[LedgerAlarm, ...]
    by_agency: tuple[AgencySums, ...] = ()
    agencies: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    elsewhere: frozenset[int] = frozenset()


def ledger_of(actor: Actor, number: int) -> Ledger:
    """The ledger of the youth of assignment `number`, for whoever reads the record. Raises NotPermitted.

    A receipt is looked for in all requests of the agency; a request of another youth is named only to who sees the whole ledger.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        mine = Assignment.id == found.assignment.id
        own, others = _requests(session, mine), []
        if any(r.receipts for r in own):
            payers = select(_paid_to).select_from(ReviewedDocument).join(Assignment).where(mine)
            others = _requests(session, ~mine, _paid_to.in_(payers))
    alarms = [a for a in alarms_of([*own, *others]) if a.request.number == number]
    return _ledger(own, alarms, all_named=bool(found.parties & {Party.ADMINISTRATION, Party.COORDINATOR}))


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
        requests = _requests(session, *((_paid_to == actor.agency_id,) if own else ()))
        gone = (_paid_to == actor.agency_id, Assignment.agency_id != actor.agency_id)
        paid_and_gone = select(Assignment.number).join(ReviewedDocument).where(ReviewedDocument.rounds > 0, *gone)
        elsewhere = frozenset(session.scalars(paid_and_gone)) if own else frozenset()
    chosen = [r for r in requests if _is_chosen(r, agency, year, month)]
    keys, of_all = {r.key for r in chosen}, _by_agency(requests)
    alarms = [alarm for own in of_all.values() for alarm in alarms_of(own) if alarm.request.key in keys]
    shown = _ledger(chosen, alarms, all_named=True)
    days = {r.requested_on for r in requests if r.requested_on}
    return Ledger(
        shown.lines,
        shown.sums,
        shown.alarms,
        tuple(AgencySums(name, len(rows), total(rows)) for name, rows in _by_agency(chosen).items()),
        tuple(of_all),
        tuple(sorted({day.year for day in days}, reverse=True)),
        elsewhere,
    )


def _by_agency(requests: Iterable[FundRequest]) -> dict[str, list[FundRequest]]:
    """The requests of each agency, agencies in the order of their names."""
    found: dict[str, list[FundRequest]] = defaultdict(list)
    for request in requests:
        found[request.agency].append(request)
    return {name: found[name] for name in sorted(found, key=str.casefold)}


def _is_chosen(request: FundRequest, agency: str, year: int | None, month: int | None) -> bool:
    day = request.requested_on
    of_agency = not agency or request.agency == agency
    of_year = year is None or (day is not None and day.year == year)
    return of_agency and of_year and (month is None or (day is not None and day.month == month))


def _requests(session: Session, *scope: ColumnElement[bool]) -> list[FundRequest]:
    """Every request that was ever submitted, as it was submitted, by assignment and count."""
    submitted = (ReviewedDocument.kind == Document.FUNDS, ReviewedDocument.rounds > 0, *scope)
    rows = session.execute(
        select(
            ReviewedDocument.id,
            Assignment.number,
            ReviewedDocument.sequence,
            Agency.name.label("agency"),
            ReviewedDocument.status,
            ReviewedDocument.approved_at,
            ReviewedDocument.kept_answers,
            Assignment.purged_at,
        )
        .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
        .join(Agency, Agency.id == _paid_to)
        .where(*submitted)
        .order_by(Assignment.number, ReviewedDocument.sequence)
    ).all()
    if not rows:
        return []
    sent = answers_sent(session, select(ReviewedDocument.id).join(Assignment).where(*submitted))
    files = _fingerprints(session, select(Assignment.id).join(ReviewedDocument).where(*submitted))
    return [
        read_request(
            row.number,
            row.sequence,
            row.agency,
            Status(row.status),
            today_of(row.approved_at) if row.approved_at else None,
            row.kept_answers if row.purged_at else sent[row.id],  # a purge leaves the money
            files,
        )
        for row in rows
        if sent.get(row.id) or (row.purged_at and row.kept_answers)
    ]


def answers_sent(session: Session, documents: Select[int]) -> dict[int, Mapping[str, Any]]:
    """What who writes none of these documents reads of each (versions.content_for): what was last submitted and not recalled unread."""
    history = session.execute(
        select(HistoryEntry.document_id, HistoryEntry.action, HistoryEntry.round)
        .where(
            HistoryEntry.document_id.in_(documents), HistoryEntry.action.in_([Action.SUBMIT, Action.RECALL, *DECISIONS])
        )
        .order_by(HistoryEntry.id)
    )
    sent: dict[int | None, int] = {}
    decided: dict[int | None, int] = {}
    for entry in history:
        if entry.action == Action.RECALL:
            sent[entry.document_id] = decided.get(entry.document_id, 0)
        else:
            (sent if entry.action == Action.SUBMIT else decided)[entry.document_id] = entry.round
    versions = session.execute(
        select(DocumentVersion.document_id, DocumentVersion.round, DocumentVersion.kept_answers).where(
            DocumentVersion.document_id.in_(documents)
        )
    )
    return {v.document_id: v.kept_answers for v in versions if v.round == sent.get(v.document_id)}


def _fingerprints(session: Session, assignments: Select[int]) -> dict[str, str]:
    """The fingerprint of the content of each file of these assignments, by its token."""
    files = select(CaseFile.token, CaseFile.sha256).where(CaseFile.assignment_id.in_(assignments))
    return {file.token: file.sha256 for file in session.execute(files)}


def _ledger(requests: Sequence[FundRequest], alarms: Sequence[Alarm], *, all_named: bool) -> Ledger:
    kinds: dict[tuple[int, int], dict[AlarmKind, None]] = defaultdict(dict)
    for alarm in alarms:
        kinds[alarm.request.key][alarm.kind] = None
    newest_first = sorted(requests, key=lambda r: (r.requested_on is not None, r.requested_on, r.key), reverse=True)
    lines = tuple(
        LedgerLine(
            number=r.number,
            sequence=r.sequence,
            agency=r.agency,
            status=r.status,
            requested=us_date(r.requested_on),
            approved=us_date(r.approved_on),
            sums=sums_of(r),
            alarms=tuple(kinds[r.key]),
            unproved=unproved(r),
        )
        for r in newest_first
    )
    # What can still be put right comes first: money that was paid back is settled, though it stays marked.
    ordered = sorted(alarms, key=lambda a: a.request.status is Status.REIMBURSED)
    said = tuple(
        LedgerAlarm(
            a.kind, *a.request.key, f"{a.sentence}{_where(a, all_named)}", a.request.status is Status.REIMBURSED
        )
        for a in ordered
    )
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

"""What else happens while a youth is served: contacts every week, absences, money, another Advocate, another office."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from cts.domain.activity import CHECK_IN, IN_PERSON, OUTREACH, VISIT, YOUTH, Outcome
from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Party, Status
from cts.domain.whereabouts import UpdateStatus
from cts.domain.workflow import ENDS, may_be_written
from cts.outside.sealing import seal
from db.demo import texts
from db.demo.clock import at_six, day_of, in_office_hours
from db.demo.life import Life
from db.demo.life_service import send_request
from db.demo.receipt import receipt
from db.models import Activity, CaseFile, CaseFileContent, ClientUpdate, ReviewedDocument

_RECEIPT_REASON = ("receipts", "One receipt cannot be read; please add a better picture.")


def begin_story(life: Life, t: datetime) -> None:
    """Everything that may happen from the day the first Advocate is named."""
    if life.away_since is not None:
        _told_missing(life, t)
    if life.world_is_whole:
        life.at(life.days_later(t, 1, 6), lambda then: _contact(life, then))
    if life.chance(0.2):
        life.at(life.days_later(t, 15, 200), lambda then: _leaves(life, then))
    for _ in range(life.dice.choices((0, 1, 2), (55, 30, 15))[0]):
        life.soon(life.days_later(t, 20, 280), 1, lambda then: _ask_for_money(life, then))
    if life.chance(0.06):
        life.soon(life.days_later(t, 30, 240), 1, lambda then: _another_advocate(life, then))
    if life.chance(0.03):
        life.at(at_six(day_of(life.days_later(t, 20, 150))), lambda then: _flag_ends_in_service(life, then))


def _contact(life: Life, t: datetime) -> None:
    """One week's contact: met, tried, only called, or nothing at all; then the next week."""
    if not life.in_service:
        return
    day, roll = day_of(t), life.dice.random()
    while day.weekday() >= 5 and life.chance(0.9):
        day += timedelta(days=1)
    if life.away_since is not None:
        _entry(life, day, OUTREACH, "text", Outcome.ATTEMPTED)
    elif roll < 0.76:
        kind = life.dice.choices((VISIT, "school", "health", "court"), (70, 14, 10, 6))[0]
        _entry(life, day, kind, IN_PERSON, Outcome.COMPLETED)
    elif roll < 0.84:
        _entry(life, day, VISIT, IN_PERSON, Outcome.ATTEMPTED)
    elif roll < 0.93:
        _entry(life, day, CHECK_IN, life.dice.choice(("telephone", "text")), Outcome.COMPLETED)
    life.at(life.days_later(t, 5, 9), lambda then: _contact(life, then))


def _entry(life: Life, day: date, kind: str, method: str, outcome: Outcome) -> None:
    written = in_office_hours(life.dice, day) + timedelta(hours=2)
    started = life.case.assignment.service_start_on
    if written > life.until or (started is not None and day < started):
        return
    in_person = method == IN_PERSON
    entry = Activity(
        assignment_id=life.case.assignment.id,
        advocate_id=life.advocate.id,
        happened_on=day,
        type=kind,
        method=method,
        location=life.dice.choice(("school", "home", "placement", "other")) if in_person else "",
        outcome=outcome,
        minutes=life.dice.choice((20, 30, 45, 60, 75, 90)) if outcome == Outcome.COMPLETED else None,
        with_whom=[YOUTH],
        written_at=written,
        entry_key=life.case.world.press(),
    )
    entry.note = life.dice.choice(texts.MISSED) if outcome == Outcome.ATTEMPTED else texts.note(life.dice)
    life.case.world.batches.add(entry)


def _leaves(life: Life, t: datetime) -> None:
    if not life.in_service or life.away_since is not None:
        return
    _extract_says(life, "A", "CWS/CMS: the youth is AWOL.", t)
    _told_missing(life, t)
    comes_back(life, t)


def _told_missing(life: Life, t: datetime) -> None:
    missing = {"text": "Left the placement in the evening.", "police_report": f"26-{life.dice.randrange(10_000):05d}"}
    _update(life, t, UpdateStatus.AWOL, missing | {"attorney_on": day_of(t).isoformat()})


def comes_back(life: Life, t: datetime) -> None:
    """A youth who is absent since this moment comes back some days later."""
    life.away_since = t
    back = t + timedelta(days=round(life.dice.lognormvariate(2.3, 0.9)) + 1)
    life.at(back, lambda then: _returns(life, then))


def _returns(life: Life, t: datetime) -> None:
    life.away_since = None
    _extract_says(life, "N", "CWS/CMS: the youth is back.", t)
    told = {"text": "Came back alone; asked for food and sleep.", "interview_done": life.chance(0.8)}
    _update(life, t, UpdateStatus.RETURNED, told)


def _extract_says(life: Life, awol_code: str, sentence: str, t: datetime) -> None:
    """Absence is a fact of CWS/CMS: the days of what waits are not counted meanwhile."""
    life.case.assignment.awol_code = awol_code
    life.case.extract_did(ExtractAction.ABSENCE_CHANGED, sentence, _early(t), of_document=False)
    life.case.hands.count_absence(day_of(_early(t)))


def _early(t: datetime) -> datetime:
    return max(at_six(day_of(t)), t)


def _update(life: Life, t: datetime, status: UpdateStatus, answers: dict[str, Any]) -> None:
    if not life.in_service or not life.case.assignment.advocate_id or not life.world_is_whole:
        return
    row = ClientUpdate(
        assignment_id=life.case.assignment.id,
        happened_on=day_of(t),
        status=status,
        written_by=life.advocate.id,
        written_at=t,
        entry_key=life.case.world.press(),
    )
    row.answers = answers
    life.case.world.batches.add(row)


def _ask_for_money(life: Life, t: datetime) -> None:
    if not life.in_service or not life.case.assignment.advocate_id:
        return
    case = life.case
    request = case.start(life.advocate, Document.FUNDS, {"requested_on": day_of(t).isoformat()}, t)
    answers = texts.funds(life.dice) if life.world_is_whole else {}
    case.save(life.advocate, request, answers, t + timedelta(minutes=4))
    if life.chance(0.04):
        reason = ("youth", "The youth found one at a friend's.")
        life.soon(t, 2, lambda then: _take_back(life, request, then, reason))
        return
    send = t + timedelta(minutes=8)
    life.at(send, lambda then: send_request(life, request, then, lambda at: _to_buy(life, request, at)))


def _take_back(life: Life, request: ReviewedDocument, t: datetime, reason: tuple[str, str]) -> None:
    if life.in_service and request.status == Status.IN_PROGRESS:
        life.case.step(life.advocate, Party.ADVOCATE, request, Action.CLOSE, t, reason=reason)


def _to_buy(life: Life, request: ReviewedDocument, t: datetime) -> None:
    life.soon(t, 6, lambda then: _hand_in(life, request, then))


def _hand_in(life: Life, request: ReviewedDocument, t: datetime) -> None:
    """What it cost, and the receipts; also after the service has ended."""
    if request.status != Status.APPROVED:
        return
    if life.world_is_whole:
        bought = min(day_of(t), day_of(t) - timedelta(days=life.dice.randint(0, 3)))
        approved = day_of(request.approved_at) if request.approved_at else bought
        tokens = [_receipt(life, t) for _ in request.answers["items"]]
        answers = texts.spent(life.dice, request.answers, max(bought, approved), tokens)
        life.case.save(life.advocate, request, answers, t)
    send = t + timedelta(minutes=5)
    life.case.step(life.advocate, Party.ADVOCATE, request, Action.SUBMIT, send)
    life.soon(send, 4, lambda then: _check_receipts(life, request, then))


def _check_receipts(life: Life, request: ReviewedDocument, t: datetime) -> None:
    who = life.administrator()
    if life.chance(0.06):
        life.case.step(who, Party.ADMINISTRATION, request, Action.REJECT, t, reason=_RECEIPT_REASON)
        life.soon(t, 4, lambda then: _hand_in(life, request, then))
        return
    life.case.step(who, Party.ADMINISTRATION, request, Action.REIMBURSE, t)


def _receipt(life: Life, t: datetime) -> str:
    world = life.case.world
    number = world.batches.next_id(CaseFile)
    content = receipt(number)
    file = CaseFile(
        id=number,
        token=hashlib.sha256(world.press().encode()).hexdigest()[:32],
        assignment_id=life.case.assignment.id,
        kind="receipt",
        name=f"Receipt {number}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=life.advocate.id,
        uploaded_at=t,
    )
    world.batches.add(file)
    world.batches.add_values(CaseFileContent, {"file_id": number, "content": seal(content, file.place())})
    return file.token


def _another_advocate(life: Life, t: datetime) -> None:
    former = life.case.assignment.advocate_id
    others = [a for a in life.agency.advocates if a.id != former] if life.in_service else []
    if not others:
        return
    advocate = life.dice.choice(others)
    before = life.advocate.name
    life.case.assignment.advocate_id = advocate.id
    who = life.dice.choice(life.agency.coordinators)
    details = {"advocate": advocate.name, "former_advocate": before}
    life.case.step(who, Party.COORDINATOR, life.case.referral, Action.ASSIGN, t, details=details, tells=[former or 0])


def _flag_ends_in_service(life: Life, t: datetime) -> None:
    if not life.in_service:
        return
    life.case.assignment.flag_ended_on = life.case.assignment.project_end_on = day_of(t)
    sentence = "CWS/CMS ended the flag. The youth is in service: the assignment stays open, marked for attention."
    life.case.extract_did(ExtractAction.FLAG_ENDED, sentence, t)


def move(life: Life, t: datetime) -> None:
    """An extract names another worker, often in another office: the open work goes along."""
    case, department = life.case, life.case.assignment.lead_agency
    if case.assignment.status in CLOSED_STATUSES:
        return
    offices = life.case.world.house.offices_of(department)
    office = life.dice.choice(offices) if life.chance(0.5) else life.office
    workers = [w for w in office.workers if w.id != case.assignment.worker_id]
    if not workers:
        return
    before = f"{life.worker.name}, {life.office.name}"
    worker = life.dice.choice(workers)
    other_office = office.code != case.assignment.office_code
    case.assignment.worker_id, case.assignment.supervisor_id = worker.id, office.supervisor_of(worker).id
    case.assignment.unit, case.assignment.office_code = worker.unit, office.code
    case.assignment.version += 1
    for document in case.documents:
        place = Document(document.kind), Status(document.status)
        if place in ENDS and not may_be_written(*place):
            continue
        document.named_supervisor_id = None if other_office else document.named_supervisor_id
        document.version += 1
    case.extract_did(
        ExtractAction.MOVED, f"CWS/CMS names another worker: {before}, now {worker.name}, {office.name}.", t
    )
    case.renew(t)

"""The service of an invented youth: three phases of the plan, more time where it is needed, and how it ends."""

from datetime import date, datetime, timedelta
from typing import Any

from cts.domain.calendar import add_months
from cts.domain.names import spoken_name
from cts.domain.rows import full_rows
from cts.domain.vocabulary import LAST_PHASE, Action, Document, Party, Status
from cts.forms.advocacy_plan import next_phase
from cts.forms.termination_report import EFFORTS_ASKED
from db.demo import texts
from db.demo.clock import at_six, day_of, later
from db.demo.life import Life
from db.models import ReviewedDocument

PHASE_DAYS = (18, 55, 120)
"""Working days after which a phase is sent, by its number: the middle one of many."""

_WORK_REASONS = (
    ("goals", "Please make the second goal something the youth can see in a month."),
    ("safety", "Who is called when the aunt is away? Please add it to the safety plan."),
    ("youth", "What does the youth say to this? Please add their own words."),
    ("incomplete", "The due dates are missing for one step."),
)
_REQUEST_REASONS = (
    ("goal", "Please name the goal of the plan this serves."),
    ("amount", "The cost is higher than usual; please explain."),
    ("other_funding", "Please ask the school's fund first."),
)
ENDINGS = {
    # reason: (how often, earliest day, latest day)
    "graduated": (38, 260, 390),
    "awol": (14, 50, 220),
    "youth_declined": (12, 14, 100),
    "caregiver_declined": (3, 10, 60),
    "moved": (7, 30, 260),
    "detained": (5, 30, 250),
    "hospitalized": (3, 30, 250),
    "aged_out": (6, 60, 330),
    "case_closed": (9, 90, 340),
    "transferred": (3, 60, 260),
    "other": (2, 40, 300),
    "long": (16, 390, 560),
}
"""How services end and after how many days; `long` ones need an extension and then end as graduated."""


def begin_plan(life: Life, t: datetime) -> None:
    """The Advocate begins the phase that is open."""
    life.soon(t, 5, lambda then: _write_phase(life, then))


def _write_phase(life: Life, t: datetime) -> None:
    plan = life.case.newest(Document.PLAN)
    if plan is None or not life.in_service or plan.status != Status.NOT_STARTED:
        return
    answers: dict[str, Any] = {}
    if life.world_is_whole:
        fresh = texts.phase(life.dice, day_of(t), spoken_name(life.advocate.name))
        answers = {key: value for key, value in fresh.items() if not plan.answers.get(key)}
    life.case.save(life.advocate, plan, answers, t)
    ends = later(life.dice, t, PHASE_DAYS[plan.sequence - 1], spread=0.45)
    life.at(ends, lambda then: _send_phase(life, plan, then))


def _send_phase(life: Life, plan: ReviewedDocument, t: datetime) -> None:
    if not life.in_service or plan.status not in {Status.IN_PROGRESS, Status.REJECTED}:
        return
    if plan.rounds == 0 and life.world_is_whole:
        life.case.save(life.advocate, plan, _as_ended(plan, day_of(t)), t)
        t += timedelta(minutes=2)
    send_to_office(life, plan, t, lambda then: _phase_approved(life, plan, then))


def _as_ended(plan: ReviewedDocument, day: date) -> dict[str, Any]:
    """The phase is over: of each goal is told whether it was reached."""
    goals = [{**row, "completed": n > 0} for n, row in enumerate(reversed(full_rows(plan.answers["goals"])))]
    told = [row if row["completed"] else {**row, "why_not": "It needs more time; it is carried on."} for row in goals]
    return {"actual_end_on": day.isoformat(), "completed": True, "goals": told}


def _phase_approved(life: Life, plan: ReviewedDocument, t: datetime) -> None:
    if plan.sequence < LAST_PHASE:
        begin_plan(life, t)


def send_to_office(life: Life, document: ReviewedDocument, t: datetime, approved: Any) -> None:
    """What the Advocate sends goes to the case worker, then to the supervisor; either may send it back."""
    life.case.step(life.advocate, Party.ADVOCATE, document, Action.SUBMIT, t)
    life.soon(t, 2, lambda then: _worker_decides(life, document, then, approved), office=True)


def _worker_decides(life: Life, document: ReviewedDocument, t: datetime, approved: Any) -> None:
    if not life.in_service or document.status != Status.PENDING_BY_WORKER:
        return
    if life.chance(0.1):
        reject(life, document, Party.CASE_WORKER, t, lambda then: send_to_office(life, document, then, approved))
        return
    life.case.step(life.worker, Party.CASE_WORKER, document, Action.APPROVE, t)
    life.soon(t, 2.5, lambda then: _supervisor_decides(life, document, then, approved), office=True)


def _supervisor_decides(life: Life, document: ReviewedDocument, t: datetime, approved: Any) -> None:
    if not life.in_service or document.status != Status.PENDING_BY_SUPERVISOR:
        return
    if life.chance(0.05):
        reject(life, document, Party.SUPERVISOR, t, lambda then: send_to_office(life, document, then, approved))
        return
    if document.kind == Document.PLAN and document.sequence < LAST_PHASE:
        answers = next_phase(document.answers, day_of(t)) if life.world_is_whole else {}
        life.case.open(Document.PLAN, document.sequence + 1, answers)
    life.case.step(life.supervisor(), Party.SUPERVISOR, document, Action.APPROVE, t)
    approved(t)


def reject(life: Life, document: ReviewedDocument, party: Party, t: datetime, again: Any) -> None:
    """A reviewer sends it back with a reason; the Advocate changes it and sends it again."""
    who = {
        Party.CASE_WORKER: lambda: life.worker,
        Party.SUPERVISOR: life.supervisor,
        Party.ADMINISTRATION: life.administrator,
    }[party]()
    asks_money_or_time = document.kind in {Document.FUNDS, Document.EXTENSION}
    reason = life.dice.choice(_REQUEST_REASONS if asks_money_or_time else _WORK_REASONS)
    life.case.step(who, party, document, Action.REJECT, t, reason=reason)

    def changed(then: datetime) -> None:
        if not life.in_service or document.status != Status.REJECTED:
            return
        life.case.save(life.advocate, document, _reworded(document) if life.world_is_whole else {}, then)
        again(then + timedelta(minutes=2))

    life.soon(t, 3, changed)


def _reworded(document: ReviewedDocument) -> dict[str, Any]:
    """One text of the document, with a sentence more."""
    key = {
        "Advocacy Plan": "safety_plan",
        "Restoration Fund Request": "justification",
        "Extension Request": "reason",
    }.get(document.kind)
    if key is None:
        goals = [{**row, "goal": f"{row['goal']} (as in the plan)"} for row in document.answers.get("goals", [])]
        return {"goals": goals}
    return {key: f"{document.answers[key]} Added after the review: the youth agrees."}


def plan_the_end(life: Life, t: datetime) -> None:
    """When the service will end, why, and whether more time has to be asked for before."""
    reason = life.dice.choices(list(ENDINGS), [often for often, _, _ in ENDINGS.values()])[0]
    _, earliest, latest = ENDINGS[reason]
    last_day = life.days_later(t, earliest, latest)
    if reason == "long":
        service_end = life.case.assignment.service_end_on or day_of(t)
        ask_on = service_end - timedelta(days=life.dice.randint(18, 75))
        life.soon(at_six(ask_on), 1, lambda then: _ask_for_time(life, then))
        reason = "graduated"
    if reason == "awol":
        life.at(last_day - timedelta(days=35), lambda then: _gone_for_good(life, then))
    life.at(last_day, lambda then: _report(life, reason, then))


def _gone_for_good(life: Life, t: datetime) -> None:
    if life.in_service and life.away_since is None:
        life.away_since = t


def _ask_for_time(life: Life, t: datetime) -> None:
    case = life.case
    if not life.in_service or case.newest(Document.TERMINATION) is not None:
        return
    end = case.assignment.service_end_on or day_of(t)
    answers = texts.extension(life.dice, end, _goals(life)) if life.world_is_whole else _only_the_end(end)
    request = case.start(life.advocate, Document.EXTENSION, {}, t)
    case.save(life.advocate, request, answers, t + timedelta(minutes=5))
    life.at(
        t + timedelta(minutes=9),
        lambda then: send_request(life, request, then, lambda at: _more_time(life, request, at)),
    )


def _only_the_end(end: date) -> dict[str, Any]:
    return {"to_on": add_months(end + timedelta(days=1), 3).isoformat()}


def send_request(life: Life, request: ReviewedDocument, t: datetime, approved: Any) -> None:
    """A request goes to the case worker, then to CSEC Administration."""
    if not life.in_service or request.status not in {Status.IN_PROGRESS, Status.REJECTED}:
        return
    life.case.step(life.advocate, Party.ADVOCATE, request, Action.SUBMIT, t)
    life.soon(t, 1.5, lambda then: _pre_approve(life, request, then, approved), office=True)


def _pre_approve(life: Life, request: ReviewedDocument, t: datetime, approved: Any) -> None:
    if not life.in_service or request.status != Status.PENDING_PRE_APPROVAL:
        return
    if life.chance(0.08):
        reject(life, request, Party.CASE_WORKER, t, lambda then: send_request(life, request, then, approved))
        return
    life.case.step(life.worker, Party.CASE_WORKER, request, Action.APPROVE, t)
    life.soon(t, 2.5, lambda then: _program_decides(life, request, then, approved))


def _program_decides(life: Life, request: ReviewedDocument, t: datetime, approved: Any) -> None:
    if not life.in_service or request.status != Status.PENDING_ADMINISTRATION:
        return
    if life.chance(0.1):
        reject(life, request, Party.ADMINISTRATION, t, lambda then: send_request(life, request, then, approved))
        return
    details: dict[str, Any] = {}
    if request.kind == Document.EXTENSION:
        to_on = str(request.answers["to_on"])
        life.case.assignment.service_end_on = date.fromisoformat(to_on)
        details = {"service_end_on": to_on}
    life.case.step(life.administrator(), Party.ADMINISTRATION, request, Action.APPROVE, t, details=details)
    approved(t)


def _more_time(life: Life, request: ReviewedDocument, t: datetime) -> None:
    """Nothing follows by itself: the service goes on."""


def _goals(life: Life) -> list[dict[str, Any]]:
    plans = [d for d in reversed(life.case.documents) if d.kind == Document.PLAN]
    found = next((rows for d in plans if (rows := full_rows(d.answers.get("long_term_goals")))), [])
    return [{"id": row["id"], "goal": row["goal"]} for row in found]


def _report(life: Life, reason: str, t: datetime) -> None:
    """The Advocate writes the Termination Report; without the extension that was asked for, the term has ended."""
    case = life.case
    if not life.in_service:
        return
    end = case.assignment.service_end_on or day_of(t)
    if day_of(t) > end:
        reason = "term_ended"
    answers: dict[str, Any] = {}
    if life.world_is_whole:
        asked = reason in EFFORTS_ASKED
        answers = texts.termination(life.dice, reason, day_of(t), _goals(life), asks_efforts=asked)
    at = later(life.dice, t, 3)
    life.at(at, lambda then: _write_report(life, answers, then))


def _write_report(life: Life, answers: dict[str, Any], t: datetime) -> None:
    if not life.in_service:
        return
    report = life.case.start(life.advocate, Document.TERMINATION, {}, t)
    life.case.save(life.advocate, report, answers, t + timedelta(minutes=6))
    send = t + timedelta(minutes=12)
    life.at(send, lambda then: send_to_office(life, report, then, lambda at: _closed(life, at)))


def _closed(life: Life, t: datetime) -> None:
    """One youth in ten is referred again some months later."""
    if life.chance(0.1):
        life.again_at = later(life.dice, life.days_later(t, 30, 300), 1)

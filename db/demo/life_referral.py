"""The Referral of an invented youth: written, signed, decided twice, given to an agency, whose coordinator names the Advocate."""

from datetime import datetime, timedelta

from cts.domain.calendar import add_months
from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import ASSIGNMENT_CLOSINGS, CLOSED_STATUSES, Action, Document, Party, Status
from cts.forms.advocacy_plan import first_phase
from cts.forms.client_summary import FROM_THE_REFERRAL
from cts.forms.referral_rules import exception_causes
from cts.services.stays import Ending
from cts.settings import settings
from db.demo import texts
from db.demo.clock import at_six, day_of
from db.demo.life import Life
from db.demo.life_service import begin_plan, plan_the_end
from db.demo.life_story import begin_story

_WORKER_REASONS = (
    ("incomplete", "Please add how the youth can be reached on weekends."),
    ("incorrect", "The case number is the sibling's; please correct it."),
    ("contact", "Please speak with the youth first and write the date."),
    ("safety", "The alerts do not say who visits the home; please describe."),
)
_PROGRAM_REASONS = (
    ("not_eligible", "The youth lives with a parent outside the county since last week."),
    ("duplicate", "The sibling's referral names the same youth; please check."),
    ("incomplete", "Please say which services are asked for, and why now."),
)
FLAG_ENDS, WITHDRAWN, LATE = 0.12, 0.02, 0.03
"""Shares of the flagged youth whose Referral is not sent: not a victim after all, closed by Administration; written after months only."""


def begin(life: Life, moment: datetime, referred: float) -> None:
    """The youth is on a caseload. `referred` is the share whose Referral is written."""
    fate = life.dice.random()
    if fate < FLAG_ENDS or fate > referred + FLAG_ENDS:
        at = at_six(day_of(life.days_later(moment, 5, 60)))
        life.at(at, lambda t: _flag_ends(life, t))
    elif fate < FLAG_ENDS + WITHDRAWN:
        life.soon(moment, 15, lambda t: _withdraw(life, t))
    elif fate < FLAG_ENDS + WITHDRAWN + LATE:
        life.soon(life.days_later(moment, 40, 160), 4, lambda t: write(life, t), office=True)
    else:
        life.soon(moment, 4, lambda t: write(life, t), office=True)


def _flag_ends(life: Life, t: datetime) -> None:
    case = life.case
    if case.referral.rounds or case.assignment.status != Status.NEW:
        return
    case.assignment.flag_ended_on = case.assignment.project_end_on = day_of(t)
    case.assignment.status = case.referral.status = Status.FLAG_ENDED
    case.assignment.version += 1
    case.referral.version += 1
    case.assignment.closed_at = t
    sentence = "CWS/CMS ended the flag: the youth is not a victim or at risk. The assignment was closed."
    case.extract_did(ExtractAction.FLAG_ENDED, sentence, t, before=Status.NEW)
    case.hands.renew([case.referral], t, Ending(Action.CLOSE))


def _withdraw(life: Life, t: datetime) -> None:
    code = life.dice.choice(("declined", "duplicate", "moved"))
    reason = (code, f"{ASSIGNMENT_CLOSINGS[code]}; told by the office on the telephone.")
    life.case.step(life.administrator(), Party.ADMINISTRATION, life.case.referral, Action.CLOSE, t, reason=reason)


def write(life: Life, t: datetime) -> None:
    """The case worker writes; signs and sends a little later."""
    case = life.case
    if case.assignment.status in CLOSED_STATUSES:
        return
    answers = {}
    if life.world_is_whole:
        facts = case.facts(case.referral, t).values
        needed = bool(exception_causes({"in_county": True}, facts, day_of(t)))
        returning = case.assignment.term > 1
        answers = texts.referral(
            life.dice, day_of(t), case.assignment.lead_agency, exception=needed, returning=returning
        )
    case.save(life.worker, case.referral, answers, t)
    life.at(t + timedelta(minutes=life.dice.randint(20, 90)), lambda at: _send(life, at))


def _send(life: Life, t: datetime) -> None:
    case = life.case
    case.sign(life.worker, Party.CASE_WORKER, t)
    case.referral.named_supervisor_id = case.assignment.supervisor_id
    supervisor = case.world.people[case.assignment.supervisor_id or 0].name
    at = t + timedelta(minutes=2)
    case.step(life.worker, Party.CASE_WORKER, case.referral, Action.SUBMIT, at, details={"supervisor": supervisor})
    life.soon(at, 1.5, lambda then: _supervisor_decides(life, then), office=True)


def _supervisor_decides(life: Life, t: datetime) -> None:
    case, who = life.case, life.supervisor()
    case.referral.opened_by_reviewer_at = t - timedelta(minutes=3)
    case.sign(who, Party.SUPERVISOR, t)
    at = t + timedelta(minutes=1)
    if life.chance(0.12):
        case.step(who, Party.SUPERVISOR, case.referral, Action.REJECT, at, reason=life.dice.choice(_WORKER_REASONS))
        life.soon(at, 3, lambda then: _correct(life, then), office=True)
        return
    case.step(who, Party.SUPERVISOR, case.referral, Action.APPROVE, at)
    life.soon(at, 2, lambda then: _program_decides(life, then))


def _program_decides(life: Life, t: datetime) -> None:
    case, who = life.case, life.administrator()
    if life.chance(0.07):
        case.step(who, Party.ADMINISTRATION, case.referral, Action.REJECT, t, reason=life.dice.choice(_PROGRAM_REASONS))
        life.soon(t, 4, lambda then: _correct(life, then), office=True)
        return
    agencies = list(case.world.house.agencies.values())
    if len(agencies) > 12:  # a state: the agencies of the county
        first = case.assignment.worker_id % (len(agencies) // 3) * 3
        agencies = agencies[first : first + 3]
    agency = life.dice.choices(agencies, [len(a.advocates) for a in agencies])[0]
    case.assignment.agency_id, case.assignment.agency_assigned_at = agency.id, t
    case.assignment.service_start_on = day_of(t)
    case.assignment.service_end_on = add_months(day_of(t), settings().service_months)
    details = {"agency": agency.name}
    case.step(who, Party.ADMINISTRATION, case.referral, Action.APPROVE, t, details=details)
    life.soon(t, 0.6, lambda then: _acknowledge(life, then))


def _correct(life: Life, t: datetime) -> None:
    case = life.case
    added = "The weekend number is the caregiver's; the youth agreed to calls in the evening."
    answers = {"attention": f"{case.referral.answers['attention']} {added}"} if life.world_is_whole else {}
    case.save(life.worker, case.referral, answers, t)
    life.at(t + timedelta(minutes=life.dice.randint(10, 60)), lambda at: _send(life, at))


def _acknowledge(life: Life, t: datetime) -> None:
    case, who = life.case, life.dice.choice(life.agency.coordinators)
    case.assignment.alerts_acknowledged_at, case.assignment.alerts_acknowledged_by = t, who.id
    case.step(who, Party.COORDINATOR, case.referral, Action.ACKNOWLEDGE, t)
    life.soon(t, 1.2, lambda then: _name_advocate(life, then))


def _name_advocate(life: Life, t: datetime) -> None:
    """The first Advocate: phase 1 of the plan and the Client Summary are there from now on."""
    case, who = life.case, life.dice.choice(life.agency.coordinators)
    advocate = life.dice.choice(life.agency.advocates)
    case.assignment.advocate_id = advocate.id
    referral = case.referral.answers if life.world_is_whole else {}
    case.open(Document.PLAN, 1, first_phase(day_of(t)))
    case.open(Document.SUMMARY, 1, {key: referral[key] for key in FROM_THE_REFERRAL if referral.get(key)})
    case.step(who, Party.COORDINATOR, case.referral, Action.ASSIGN, t, details={"advocate": advocate.name})
    begin_plan(life, t)
    plan_the_end(life, t)
    begin_story(life, t)

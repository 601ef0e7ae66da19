"""What a step asks for besides the right party, checked one by one. What concerns the situation is permissions.obstacle."""

from collections.abc import Callable
from datetime import date

from cts.domain.answer_checks import check, text_fault
from cts.domain.counting import counted
from cts.domain.fields import is_blank
from cts.domain.vocabulary import SUPERVISOR_ROLES, Need, Role, reasons_for
from cts.services.fetching import today_of
from cts.services.parties import coordinators_of
from cts.services.refusals import Incomplete
from cts.services.step_case import StepCase
from db.models import Agency, Person

REASON_LIMIT = 2_000


def _need_complete(case: StepCase) -> None:
    found = case.found
    problems = check(found.spec, found.document.answers, case.facts.values, today_of(case.now), found.stage)
    if problems:
        many = counted(len(problems), "answer needs", "answers need")
        raise Incomplete(
            f"{many} your attention before this can be sent.", tuple((p.field, p.sentence) for p in problems)
        )


def _need_reason(case: StepCase) -> None:
    request = case.request
    if request.reason_code not in reasons_for(case.found.kind, request.action):
        raise Incomplete(
            "Please choose a reason from the list.", (("reason_code", "Please choose a reason from the list."),)
        )
    if is_blank(request.reason_text):
        raise Incomplete(
            "Please say in words what is to be changed or why.", (("reason_text", "Please write the reason."),)
        )
    fault = text_fault("Reason", request.reason_text, REASON_LIMIT)
    if fault:
        raise Incomplete(fault, (("reason_text", fault),))


def _need_supervisor(case: StepCase) -> None:
    person = case.session.get(Person, case.request.supervisor_id) if case.request.supervisor_id else None
    fits = (
        person
        and person.active
        and person.role in SUPERVISOR_ROLES
        and person.office_code == case.found.assignment.office_code
    )
    if not fits:
        raise Incomplete(
            "Please choose a supervisor of the office to whom the Referral goes.", (("supervisor", "Please choose."),)
        )
    if person and person.id == case.actor.person_id:
        raise Incomplete(
            "Please choose another supervisor: nobody reviews his or her own Referral.",
            (("supervisor", "Please choose."),),
        )


def _need_agency(case: StepCase) -> None:
    agency = case.session.get(Agency, case.request.agency_id) if case.request.agency_id else None
    if agency is None or not under_contract(agency, today_of(case.now)):
        raise Incomplete("Please choose an agency under contract.", (("agency", "Please choose an agency."),))
    if not coordinators_of(case.session, agency.id):
        raise Incomplete(
            f"{agency.name} has no coordinator in CTS who could name an Advocate: Technical support invites one on the page Accounts.",
            (("agency", "Please choose another agency, or have a coordinator invited first."),),
        )
    if agency.id == case.found.assignment.agency_id:
        raise Incomplete("This agency has the youth already.", (("agency", "Please choose another agency."),))


def _need_advocate(case: StepCase) -> None:
    person = case.session.get(Person, case.request.advocate_id) if case.request.advocate_id else None
    assignment = case.found.assignment
    if person is None or not person.active or person.role != Role.ADVOCATE or person.agency_id != assignment.agency_id:
        raise Incomplete("Please choose an Advocate of your agency.", (("advocate", "Please choose an Advocate."),))
    if person.id == assignment.advocate_id:
        raise Incomplete("This Advocate is assigned already.", (("advocate", "Please choose another Advocate."),))


def under_contract(agency: Agency, day: date) -> bool:
    """Whether an agency may be given youth on a day."""
    return agency.contract_start_on <= day and (agency.contract_end_on is None or day <= agency.contract_end_on)


NEEDS: dict[Need, Callable[[StepCase], None]] = {
    Need.COMPLETE: _need_complete,
    Need.REASON: _need_reason,
    Need.SUPERVISOR: _need_supervisor,
    Need.AGENCY: _need_agency,
    Need.ADVOCATE: _need_advocate,
}
"""Needs that concern what was asked for; those that concern the situation are `obstacle`'s."""

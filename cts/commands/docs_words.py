"""The words in which the generated documents read the workflow aloud."""

from collections.abc import Iterable

from cts.domain.vocabulary import Action, Document, Need, Party, Status
from cts.domain.workflow import Step

MADE = "This page is made from the code by `make docs`; do not edit it. A test compares the two.\n"

DONE = {
    Action.START: "{a} may be **started**",
    Action.SAVE: "{a} may be **saved**",
    Action.SIGN: "{a} may be **signed**",
    Action.SUBMIT: "{a} may be **submitted**",
    Action.RECALL: "{a} may be **recalled**",
    Action.APPROVE: "{a} may be **approved**",
    Action.REJECT: "{a} may be **rejected**",
    Action.REIMBURSE: "{a} may be marked as **reimbursed**",
    Action.ACKNOWLEDGE: "the safety alerts of {a} may be **acknowledged**",
    Action.ASSIGN: "the Advocate of {a} may be **assigned**, or changed,",
    Action.REASSIGN: "the youth of {a} may be **assigned to another agency**",
    Action.CLOSE: "{a} may be **closed**",
    Action.REOPEN: "{a} may be **reopened**",
}

NEEDED = {
    Need.COMPLETE: "nothing that is required is missing",
    Need.SIGNATURE: "this person has signed exactly this content",
    Need.REASON: "a coded reason and a text are given",
    Need.SUPERVISOR: "a supervisor of the office is named",
    Need.AGENCY: "an agency under contract is chosen",
    Need.ADVOCATE: "an Advocate of that agency is chosen",
    Need.ACKNOWLEDGED: "the safety alerts have been acknowledged",
    Need.UNOPENED: "no reviewer has opened it",
}

ACTING = {
    Party.SUPERVISOR: "a supervisor of the office",
    Party.EXTRACT: f"a {Party.EXTRACT} (when: see the parties below)",
}
"""Those who are not "the" one."""

WHO = {
    Party.CASE_WORKER: "The CSW, or the DPO where Probation leads, on whose caseload CWS/CMS has the youth.",
    Party.SUPERVISOR: (
        "Every SCSW or SDPO of the assignment's office may act. E-mails go to the one named at submission, else to the youth's "
        "own. For a sensitive or sealed youth only these two may act."
    ),
    Party.ADMINISTRATION: "Everybody of CSEC Administration.",
    Party.COORDINATOR: "Every coordinator of the agency the assignment was given to.",
    Party.ADVOCATE: "The Advocate assigned now.",
    Party.FORMER_ADVOCATE: "The Advocate who was assigned before this step.",
    Party.OTHER_DEPARTMENT: (
        "Of a dual youth: the worker of the department that does not lead, named by the case worker or a supervisor. Reads, is told, "
        "decides nothing."
    ),
    Party.OFFICE_COLLEAGUE: "Other county staff of the assignment's office. They see the listing row, not the record.",
    Party.SUPPORT: "Technical support: ends accounts, and what their people held goes elsewhere. Sees no record.",
    Party.EMERGENCY: (
        "A case worker or supervisor of any office who has no tie to the youth and opened the record by stating a reason. Reads it for some "
        "hours, changes nothing; reviewed afterwards."
    ),
    Party.COVER: (
        "Whoever covers, on a day of the cover, for the case worker or supervisor of the assignment: somebody of the same office and title. "
        'Has that person\'s rights and e-mails, "acting for" that person; never for a sensitive or sealed youth.'
    ),
    Party.EXTRACT: (
        "No person: a load of a CWS/CMS extract. It closes what it shows to be no victim, before an agency has the assignment, and "
        "reopens it when a later extract shows the flag again."
    ),
}


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words joined as people say them: "a, b and c"."""
    found = list(words)
    return f" {last} ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def read_aloud(step: Step) -> str:
    """One row of the table as a sentence."""
    what = _done(step).format(a=f"{a_document(step.document)} that is *{step.status}*")
    if step.party is Party.EXTRACT:
        what = what.replace("may be", "is")
    by = ACTING.get(step.party, _the(step.party))
    needs = [NEEDED[need] for need in Need if need in step.needs]
    when = f", if {listed(needs)}" if needs else ""
    then = f"; it becomes *{step.becomes}*" if step.moves else f"; it stays *{step.status}*"
    then += f", and the assignment becomes *{Status.TERMINATED}*" if step.ends_service else ""
    told = listed(_the(tell.party) for tell in step.tells)
    ending = f"; {told} {'is' if len(step.tells) == 1 else 'are'} told." if told else "."
    return f"{what[0].upper()}{what[1:]} by {by}{when}{then}{ending}"


def _done(step: Step) -> str:
    if step.action is Action.REOPEN and step.party is not Party.EXTRACT:
        return "the youth of {a} may be **referred again**, as a new assignment,"
    if step.action is Action.CLOSE and step.document is not Document.REFERRAL:
        return "{a} may be **withdrawn**"
    return DONE[step.action]


def a_document(document: Document) -> str:
    """A kind of document with its article."""
    return f"{'an' if str(document)[0] in 'AEIOU' else 'a'} {document}"


def slug(document: Document) -> str:
    """A document's name in a file name."""
    return str(document).lower().replace(" ", "-")


def _the(party: Party) -> str:
    return str(party) if party is Party.ADMINISTRATION else f"the {party}"

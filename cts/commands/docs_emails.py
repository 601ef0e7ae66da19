"""docs/emails.md, made from the workflow table and the texts in cts/outside/emails."""

from cts.commands.docs_words import MADE, WHO, listed
from cts.domain.vocabulary import Party
from cts.domain.workflow import STEPS
from cts.outside.mail import EMAILS, ENDING, details_of, template_names

BY_EXTRACT = {
    "assignment_left": (
        "a CWS/CMS extract moves an assignment to another caseload",
        "the case worker and the supervisor it left",
    ),
    "assignment_moved": (
        "a CWS/CMS extract moves an assignment to another caseload",
        "the case worker and the supervisor it came to",
    ),
    "office_unknown": ("a CWS/CMS extract names an office CTS did not know", "everybody of CSEC Administration"),
}
"""E-mails owed by a load of an extract for what is no step of the table: when, and to whom."""

BY_OTHER = {
    "account_invitation": (
        "Technical support makes an account or sends its link anew, takes an account up again or a lost second factor away; or a person "
        "without a passphrase asks for another link",
        "the person without a passphrase",
    ),
    "account_reset": (
        "somebody says that a passphrase was forgotten, or Technical support sends a link",
        "the person whose account it is",
    ),
    "account_changed": (
        "the passphrase, second factor, County account, title, place or e-mail address of an account is changed",
        "the person whose account it is; of a changed address the former one too",
    ),
    "administration_account": (
        "somebody is invited to CSEC Administration or given its title, or an account of it is taken up again, gets another e-mail "
        "address, or loses its second factor by Technical support",
        "everybody else of CSEC Administration",
    ),
    "cover_changed": (
        "somebody is set as the cover of an absent colleague, or a cover is ended early",
        "the absent person and the one who covers",
    ),
    "other_department_named": (
        "the worker of the other department is named for an assignment",
        "that worker",
    ),
    "agency_left": (
        "CSEC Administration assigns youth of an agency to another one, as when its contract ends",
        "the coordinators of the agency of before; once, with the number of assignments",
    ),
    "rehomed_to_advocate": (
        "the account of an Advocate ends or gets another role or agency, and a colleague is named in that place",
        "the Advocate named; once, with the number of assignments",
    ),
    "rehomed_to_coordinator": (
        "the account of an Advocate ends or gets another role or agency, and nobody is named in that place",
        "the coordinators of the agency; once, with the number of assignments",
    ),
    "rehomed_to_office": (
        "the account of a supervisor ends or gets another role or office",
        "every supervisor of the office; once, with the number of assignments",
    ),
    "rehomed_to_supervisor": (
        "the account of a case worker ends or gets another role or office",
        "the supervisor who stands in; once, with the number of assignments",
    ),
    "worker_chosen": (
        "a case worker has left, and a supervisor of the office or CSEC Administration chooses a colleague",
        "the case worker chosen",
    ),
    "audit_anchor": (
        "once a day, when the access log is anchored",
        "the addresses of the setting `CTS_AUDIT_ANCHOR_TO`",
    ),
    "emergency_to_review": (
        "a worker who has no tie to a youth opens the record in an emergency",
        "everybody of CSEC Administration",
    ),
    "emergency_again": (
        "the same, by somebody whose earlier emergency access was found not justified",
        "everybody of CSEC Administration",
    ),
    "health_digest": (
        "the checks of CTS find something that the run before did not find",
        "everybody of Technical support and CSEC Administration",
    ),
    "reminder_digest": (
        "every day, while a document waits that the table says is reminded daily",
        "whoever holds it; after a number of working days (a setting) also those above: see Reminders in "
        "[operating.md](operating.md#reminders)",
    ),
}
"""E-mails that neither a row of the table nor an extract owes: when, and to whom."""

_INTRODUCTION = """\
An e-mail is owed in the same transaction as the step that causes it, and sent by a job that claims, sends and marks it. It
carries no name, date or number of a youth, and no word of exploitation: the assignment number, the kind of document, what
happened, who did it, and a link behind sign-in, which opens that very document. E-mails about a person's own account name no
assignment; the secret in a link that sets a passphrase is made while the e-mail is sent and kept nowhere. The texts are the files of
`cts/outside/emails`; the file name is the e-mail's name. The person who took a step gets no e-mail about it, and one person
gets an e-mail of a step once.
"""


def emails_page() -> str:
    """The whole page."""
    lines = ["# E-mails\n", MADE, _INTRODUCTION, "| E-mail | When | To |", "|---|---|---|"]
    lines += [f"| [{name}](#{name}) | {when} | {whom} |" for name in template_names() for when, whom in occasions(name)]
    lines += ["\n## Who is meant\n", "| Party | Who gets the e-mail |", "|---|---|"]
    told = {tell.party for step in STEPS for tell in step.tells}
    lines += [f"| {party} | {WHO[party]} |" for party in Party if party in told]
    lines += ["\nOnly people who are active and have an e-mail address are sent to; the e-mail log shows the others.\n"]
    lines += [part for name in template_names() for part in _text_of(name)]
    lines += ["## At the end of each\n", _quoted(ENDING)]
    return "\n".join(lines)


def occasions(name: str) -> list[tuple[str, str]]:
    """When an e-mail is owed, and to whom; empty for one that nothing owes."""
    telling = [step for step in STEPS if any(tell.email == name for tell in step.tells)]
    found = []
    for party, action, document in dict.fromkeys((s.party, s.action, s.document) for s in telling):
        rows = [s for s in telling if (s.party, s.action, s.document) == (party, action, document)]
        what = f"{party} takes **{action}** on a {document} that is {listed((s.status for s in rows), 'or')}"
        whom = dict.fromkeys(str(tell.party) for s in rows for tell in s.tells if tell.email == name)
        found.append((what, " and ".join(whom)))
    return [*found, *(beside[name] for beside in (BY_EXTRACT, BY_OTHER) if name in beside)]


def _text_of(name: str) -> list[str]:
    details = sorted(details_of(name))
    filled = ", ".join(f"`{detail}`" for detail in details) or "nothing but the number and the link"
    return [f"## {name}\n", f"Filled in: {filled}.\n", _quoted(name)]


def _quoted(name: str) -> str:
    return f"```text\n{(EMAILS / f'{name}.txt').read_text(encoding='utf-8').strip()}\n```\n"

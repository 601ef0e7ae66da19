"""The hand-over sheet (mission §7): what whoever takes a youth over has to know today, on a page or two. What this person may see, no more."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from cts.domain.answer_words import shown
from cts.domain.extract_changes import ExtractAction
from cts.domain.fields import us_date
from cts.domain.money import money_words
from cts.domain.rows import full_rows
from cts.domain.vocabulary import Action, Document, LeadAgency, Status
from cts.domain.whereabouts import duties_in
from cts.domain.workflow import ENDS
from cts.outside.pdf_document import PrintedEntry, PrintedSection, PrintedTable
from cts.services.activities import read_month
from cts.services.actor import Actor
from cts.services.client_updates import read_updates
from cts.services.documents import read_document
from cts.services.facts import Facts, read_facts
from cts.services.fetching import refusals_logged, today_of
from cts.services.ledger import ledger_of
from cts.services.printing import PrintedFile, plain_paper
from cts.services.record import read_record
from cts.services.record_access import fetch_record, log_access
from cts.services.record_documents import documents_of, phase_to_show, phases
from cts.services.service_meter import meter_of
from cts.services.timeline import line_of_life
from db.session import reading, writing

PRINT_HANDOVER = "print hand-over sheet"
LATELY = timedelta(days=28)
MOVES_AT_MOST, UPDATES_AT_MOST, GOALS_AT_MOST = 8, 8, 12
MOVES = frozenset(
    {
        *(ExtractAction.MOVED, "rehome", "choose_worker", "other_department"),
        *(Action.ASSIGN, Action.REASSIGN, Action.ACKNOWLEDGE),
    }
)
"""What in the history says who was and who is."""
OPEN_KINDS = (Document.PLAN, Document.FUNDS, Document.EXTENSION, Document.TERMINATION)


def print_handover(actor: Actor, number: int, now: datetime) -> PrintedFile:
    """The hand-over sheet of assignment `number` as one PDF; that it was printed is logged first. Raises NotPermitted."""
    # The PDF library takes long to import; only a print needs it.
    from cts.outside.pdf import render_pdf

    with refusals_logged(actor, PRINT_HANDOVER, number, now), writing() as session:
        log_access(session, actor, PRINT_HANDOVER, fetch_record(session, actor, number), now)
    sections = handover_sections(actor, number, now)
    head, facts = read_record(actor, number), _facts(actor, number, now)
    paper = plain_paper(actor, number, LeadAgency(facts.values["lead_agency"]), now)
    paper = replace(paper, title="Hand-over sheet", status=head.status, sections=sections)
    return PrintedFile(f"Hand-over-{number}-{today_of(now).isoformat()}.pdf", render_pdf(paper))


def handover_sections(actor: Actor, number: int, now: datetime) -> tuple[PrintedSection, ...]:
    """What stands on the sheet for this person. Raises NotPermitted."""
    return (
        _people(actor, number, now),
        _safety(actor, number, now),
        _work(actor, number, now),
        _plan(actor, number, now),
        _whereabouts(actor, number, now),
    )


def _facts(actor: Actor, number: int, now: datetime) -> Facts:
    with reading() as session:
        found = fetch_record(session, actor, number)
        return read_facts(session, found.assignment, found.youth, today_of(now))


def _people(actor: Actor, number: int, now: datetime) -> PrintedSection:
    """Who is, and who was since when, as far as this person may know."""
    head, values = read_record(actor, number), _facts(actor, number, now).values
    known = (
        ("Youth", head.youth_name + (f" ({head.preferred_name})" if head.preferred_name else "")),
        ("CSW/DPO", values["worker_name"]),
        ("SCSW/SDPO", values["supervisor_name"]),
        ("Office", values["office_name"]),
        ("Agency / Advocate", " / ".join(filter(None, (head.agency, head.advocate or "no Advocate named")))),
    )
    here = next(chapter for chapter in line_of_life(actor, number) if chapter.number == number)
    moves = [line for line in here.lines if line.action in MOVES or "assigned it to" in line.sentence]
    rows = tuple((line.when, line.sentence) for line in moves[:MOVES_AT_MOST])
    entries = tuple(PrintedEntry(label, str(value or "")) for label, value in known)
    return PrintedSection(
        "Who is, and who was", (*entries, PrintedTable("Changes, newest first", ("When", "What"), rows))
    )


def _safety(actor: Actor, number: int, now: datetime) -> PrintedSection:
    referral = read_document(actor, number, now)
    field = referral.spec.field("alerts")
    stated = referral.answers.get("alerts_stated")
    told = shown(field, referral.answers.get("alerts")) if field and stated == "present" else ""
    none = "The Referral states that no safety alerts are known." if stated == "none" else ""
    acknowledged = referral.alerts_acknowledged or "Not acknowledged by the agency yet"
    return PrintedSection(
        "Safety alerts", (PrintedEntry("Alerts", told or none), PrintedEntry("Acknowledged", acknowledged))
    )


def _work(actor: Actor, number: int, now: datetime) -> PrintedSection:
    """Open documents with whom they wait for, and money that is open."""
    rows = tuple(
        (row.words, str(row.status), row.waits_on, row.amount)
        for row in documents_of(actor, number, OPEN_KINDS)
        if (row.kind, row.status) not in ENDS
    )
    open_money = {Status.APPROVED, Status.RECEIPTS_SUBMITTED}
    money = tuple(
        PrintedEntry(
            f"Restoration Fund Request {line.sequence}",
            f"{line.status}; {money_words(line.sums.approved)} approved on {line.approved}",
        )
        for line in ledger_of(actor, number).lines
        if line.status in open_money
    )
    table = PrintedTable("Open documents", ("Document", "Status", "Waits for", "Amount or day"), rows)
    return PrintedSection("What is open", (table, *money))


def _plan(actor: Actor, number: int, now: datetime) -> PrintedSection:
    """Months used, the phase, goals that are open with their due dates, the next contact."""
    parts: list[PrintedEntry | PrintedTable] = []
    meter = meter_of(actor, number, now)
    if meter is not None:
        used = f"{meter.months_used} of {meter.months_allowed} months; ends {us_date(meter.end_on)}. {meter.attention}"
        parts.append(PrintedEntry("Service used", used.strip()))
    weeks = read_month(actor, number, None, now).cadence
    if weeks is not None and weeks.due_by is not None:
        missed = f"; {len(weeks.missed)} missed so far" if weeks.missed else ""
        parts.append(PrintedEntry("Next contact in person due by", f"{us_date(weeks.due_by)}{missed}"))
    rows = phases(actor, number, now)
    phase = phase_to_show(rows)
    if phase is not None:
        row = rows[phase - 1]
        until = f", until {row.projected_end_on}" if row.projected_end_on else ""
        parts.append(PrintedEntry("Phase", f"{row.title}: {row.status}{until}. {row.overdue}".strip()))
        parts.append(_goals(actor, number, now, phase))
    return PrintedSection("Service and plan", tuple(parts))


def _goals(actor: Actor, number: int, now: datetime, phase: int) -> PrintedTable:
    """Of the newest phase whose goals this person may read: what is still a draft of somebody else's is not here."""
    goals: list[dict[str, Any]] = []
    while phase and not goals:
        goals = full_rows(read_document(actor, number, now, Document.PLAN, phase).answers.get("goals"))
        phase -= not goals
    still_open = [row for row in goals if row.get("completed") is not True]
    rows = tuple(
        (
            str(row.get("goal") or ""),
            str(row.get("action_step") or ""),
            _day(row.get("due_on")),
            str(row.get("team_member") or ""),
        )
        for row in still_open[:GOALS_AT_MOST]
    )
    title = f"Goals that are open (Phase {phase})" if phase else "Goals that are open"
    return PrintedTable(title, ("Goal", "Action Step", "Due Date", "Team Member"), rows)


def _whereabouts(actor: Actor, number: int, now: datetime) -> PrintedSection:
    log, since = read_updates(actor, number, now), today_of(now) - LATELY
    hidden = next((line.hidden for line in log.lines if line.hidden), "")
    present = (
        f"{log.present.status}, {us_date(log.present.happened_on)}" if log.present else hidden or "No update says."
    )
    rows = tuple(
        (
            us_date(line.update.happened_on),
            line.update.status,
            line.hidden or "\n".join(filter(None, (line.update.text, *duties_in(line.update)))),
        )
        for line in log.lines
        if line.update.happened_on is not None and line.update.happened_on >= since
    )
    to_do = (PrintedEntry("Still to be done", ", ".join(log.still_to_do)),) if log.still_to_do else ()
    lately = PrintedTable("Updates of the last four weeks", ("Date", "Status", "What happened"), rows[:UPDATES_AT_MOST])
    parts = (PrintedEntry("Present", present), *to_do)
    return PrintedSection("Where the youth is", (*parts, lately) if rows else parts)


def _day(value: object) -> str:
    """A date of an answer in the County's writing."""
    return us_date(date.fromisoformat(str(value))) if value else ""

"""What a client record holds besides documents, on paper: activities, updates, files, history."""

from datetime import datetime

from cts.domain.activity import LOCATIONS, METHODS, PEOPLE, TYPES, Outcome
from cts.domain.fields import us_date
from cts.domain.ledger import FIGURES, HEADINGS
from cts.domain.whereabouts import duties_in
from cts.outside.pdf_document import PrintedEntry, PrintedSection, PrintedTable
from cts.services.activities import ActivityLine, MonthEntries, read_months
from cts.services.actor import Actor
from cts.services.case_files import FileView, list_files
from cts.services.client_updates import WHAT, UpdateLine, read_updates
from cts.services.ledger import ledger_of
from cts.services.timeline import Chapter, line_of_life

MINUTES = 5
ACTIVITY_HEADINGS = ("Date", "Type", "Method", "Location", "Outcome", "Minutes", "With whom")


def activity_sections(actor: Actor, number: int, now: datetime) -> list[PrintedSection]:
    """Advocate Activity, month by month, oldest first, each with its totals. Raises NotPermitted."""
    sections = [_month(month) for month in read_months(actor, number, now)]
    return sections or [PrintedSection("Activities", (PrintedTable("", ACTIVITY_HEADINGS, ()),))]


def _month(month: MonthEntries) -> PrintedSection:
    totals = month.totals
    counted = ", ".join(f"{totals.by_outcome[o]} {o.lower()}" for o in Outcome if totals.by_outcome[o])
    words = f"{counted or 'None that counts'}; {totals.in_person} in person, {totals.minutes:,} minutes"
    table = PrintedTable(
        title=words,
        headings=ACTIVITY_HEADINGS,
        rows=tuple(_activity(line) for line in reversed(month.lines)),
        amounts=(MINUTES,),
        totals=("Total", *[""] * (MINUTES - 1), f"{totals.minutes:,}", ""),
        beneath=tuple(_note(line) for line in reversed(month.lines)),
    )
    return PrintedSection(month.first_on.strftime("%B %Y"), (table,))


def ledger_sections(actor: Actor, number: int) -> list[PrintedSection]:
    """The ledger of Restoration Funds, oldest request first, and what does not fit; nothing where none was asked for. Raises NotPermitted."""
    ledger = ledger_of(actor, number)
    if not ledger.lines:
        return []
    table = PrintedTable(
        title="",
        headings=tuple(HEADINGS.values()),
        rows=tuple(
            (f"Request {line.sequence}", str(line.status), line.requested, line.approved, *line.sums.words)
            for line in reversed(ledger.lines)
        ),
        amounts=tuple(n for n, key in enumerate(HEADINGS) if key in FIGURES),
        totals=("Total", "", "", "", *ledger.sums.words),
    )
    alarms = tuple(PrintedEntry(f"Request {a.sequence}: {a.kind}", a.sentence) for a in ledger.alarms)
    return [PrintedSection("Ledger of Restoration Funds", (table, *alarms))]


def _activity(line: ActivityLine) -> tuple[str, ...]:
    entry = line.entry
    return (
        us_date(entry.happened_on),
        TYPES.get(entry.type, entry.type),
        METHODS.get(entry.method, entry.method),
        LOCATIONS.get(entry.location, entry.location),
        entry.outcome,
        "" if entry.minutes is None else str(entry.minutes),
        ", ".join(PEOPLE.get(code, code) for code in entry.with_whom),
    )


def _note(line: ActivityLine) -> str:
    """What stands below an entry: the note, that it was taken back, who wrote it."""
    return "\n".join(filter(None, (line.entry.note, line.gone, f"Written by {line.written}")))


def update_section(actor: Actor, number: int, now: datetime) -> PrintedSection:
    """Run Away Status / Misc Updates, oldest first. Raises NotPermitted."""
    lines = read_updates(actor, number, now).lines
    headings = ("Date", "Status", "What happened", "Written")
    return PrintedSection(WHAT, (PrintedTable("", headings, tuple(_update(line) for line in reversed(lines))),))


def _update(line: UpdateLine) -> tuple[str, ...]:
    update = line.update
    told = line.hidden or "\n".join(filter(None, (update.text, *duties_in(update))))
    return (us_date(update.happened_on), update.status, told, line.written)


def file_sections(actor: Actor, number: int) -> list[PrintedSection]:
    """The list of uploaded files, oldest first; removed ones with the reason. Raises NotPermitted."""
    headings: tuple[str, ...] = ("Kind", "Name", "Size", "Uploaded by", "Uploaded", "Removed")
    rows = tuple(_file(file) for file in reversed(list_files(actor, number)))
    if not any(row[-1] for row in rows):
        headings, rows = headings[:-1], tuple(row[:-1] for row in rows)
    return [PrintedSection("Uploaded files", (PrintedTable("", headings, rows),))]


def _file(file: FileView) -> tuple[str, ...]:
    removed = f"{file.removed_at}, {file.removed_by}: {file.removed_reason}" if file.removed else ""
    return (file.kind_words, file.name, file.size_words, file.uploaded_by, file.uploaded_at, removed)


def life_sections(actor: Actor, number: int) -> list[PrintedSection]:
    """One line of life, oldest first: every assignment of the youth this person may know of. Raises NotPermitted."""
    return [_chapter(chapter) for chapter in reversed(line_of_life(actor, number))]


def _chapter(chapter: Chapter) -> PrintedSection:
    told = PrintedEntry(str(chapter.status), chapter.summary)
    if not chapter.whole:
        return PrintedSection(chapter.title, (told,))
    rows = tuple((line.when, f"{line.sentence} {line.why}".rstrip()) for line in reversed(chapter.lines))
    return PrintedSection(chapter.title, (told, PrintedTable("", ("When", "What happened"), rows)))

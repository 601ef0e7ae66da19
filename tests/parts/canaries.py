"""Texts that stand in what is kept encrypted, and a look for them at everything a database holds."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import inspect, text

from cts.domain.activity import Entry, Outcome
from cts.domain.vocabulary import Document
from cts.domain.whereabouts import Update
from cts.services import activities, client_updates
from cts.services.case_files import keep_file
from cts.services.emergency import open_emergency
from cts.services.emergency_reviews import emergency_list, review_emergency
from db.session import engine, reading
from tests.cast import make_cast
from tests.outside.test_file_checks import a_pdf
from tests.parts.answers import PHASE
from tests.parts.desk import Desk

CANARIES = ("aunt of canary", "alert of canary", "family of canary", "plan of canary", "relative of canary")
CANARIES += ("note of canary", "update of canary", "report of canary", "file of canary", "draft of canary")
CANARIES += ("reason of canary", "review of canary")
DAY = date(2026, 11, 2)
PAPER = a_pdf() + b"\n%file of canary\n%%EOF\n"


@dataclass
class Nest:
    """An assignment whose encrypted parts hold every canary: drafts, submitted versions, a note, an update, a file, an emergency."""

    desk: Desk
    activity: int
    token: str


def nest() -> Nest:
    """Bring one about, through the services, in a database that holds nobody yet."""
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.writes_whole()
    alerts = {"6403": "alert of canary"}
    desk.writes("csw", address="aunt of canary", family="family of canary", alerts=alerts, alerts_stated="present")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    advocate = cast.people["advocate"]
    plan = desk.plan()
    people = [{"id": "c1", "name": "relative of canary", "relationship": "Aunt"}]
    plan.writes("advocate", **PHASE | {"safety_plan": "plan of canary", "support_systems": people})
    plan.submits("advocate")
    desk.starts("advocate", Document.FUNDS).writes("advocate", justification="draft of canary")
    entry = Entry(DAY, "visit", "in_person", "home", Outcome.COMPLETED, 60, ("youth",), "note of canary")
    activity = activities.add(advocate, desk.number, entry, "key of the note", desk.tick())
    update = Update(DAY, "AWOL/missing", "update of canary", police_report="report of canary")
    client_updates.add(advocate, desk.number, update, "key of the update", desk.tick())
    token = keep_file(advocate, desk.number, "consent", "consent.pdf", PAPER, desk.tick()).token
    open_emergency(cast.people["csw_elsewhere"], desk.number, "danger", "A reason of canary.", desk.tick())
    (opened,) = emergency_list(cast.people["admin"], desk.now).waiting
    review_emergency(cast.people["admin"], opened.id, "justified", "The review of canary.", desk.tick())
    return Nest(desk, activity, token)


def seen_in(content: bytes) -> list[str]:
    """The canaries that stand in these bytes: as text, or as PostgreSQL writes bytes."""
    plain = content.lower()
    return [c for c in CANARIES if c.encode() in plain or c.encode().hex().encode() in plain]


def seen_by_sql() -> list[str]:
    """The canaries that whoever may read every table of this process's database would find."""
    with reading() as session:
        names = inspect(session.connection()).get_table_names()
        found = [row for name in names for row in session.execute(text(f"SELECT * FROM {name}"))]
    rows = [str([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in found]
    return seen_in("\n".join(rows).encode())


def seen_in_files() -> list[str]:
    """The canaries that stand in the files of a SQLite database: pages that nothing refers to any more and the WAL, too."""
    path = Path(str(engine().url.database))
    return seen_in(b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*")))

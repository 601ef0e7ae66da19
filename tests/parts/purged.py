"""Youth whose time has come: served, closed, with a name nobody else has in every place that takes words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from cts.domain.activity import Entry, Outcome
from cts.domain.vocabulary import Document
from cts.domain.whereabouts import Update
from cts.services import activities, case_files, client_updates
from cts.services.emergency import open_emergency
from cts.services.holds import lift_hold, list_holds, place_hold
from cts.services.purge import confirm_purge
from cts.services.retention import mark, propose
from db.models import Assignment, ExtractLoad, ExtractRefusal, Row
from db.session import reading, writing
from tests.cast import add_assignment, make_cast
from tests.outside.test_file_checks import a_pdf
from tests.parts.beginnings import begun
from tests.parts.desk import Desk

CANARY = "Quetzalcoatlus"
"""Part of every text about the youth to be purged, and of nothing else."""

DUE = datetime(2040, 1, 9, 18, 0, tzinfo=UTC)
"""After the 28th birthday of the youth of the cast."""
LATER = DUE + timedelta(days=31)


def closed_youth(cast: Any = None, word: str = CANARY) -> Desk:
    """A youth served from Referral to Termination Report, with the word in everything people typed."""
    people = cast or make_cast()
    desk = Desk(people, add_assignment(people, last_name=word, first_name=f"{word}a"))
    desk.writes("csw")
    desk.writes("csw", family=f"{word} lives with her aunt.", preferred_name="Quetz")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.rejects("scsw", text=f"{word} goes to another school.")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    _serve(desk, word)
    desk.brings_to_end_of_service()
    return desk


def _serve(desk: Desk, word: str) -> None:
    advocate, day = desk.cast.people["advocate"], desk.now.date()
    note = Entry(day, "visit", "in_person", "home", Outcome.COMPLETED, 60, ("youth",), f"Met {word}.")
    first = activities.add(advocate, desk.number, note, f"{word} 1", desk.tick())
    activities.correct(advocate, desk.number, first, replace(note, minutes=30), f"{word} 2", desk.tick())
    update = Update(day, "Misc update", f"{word} moved.")
    client_updates.add(advocate, desk.number, update, f"{word} 3", desk.tick())
    open_emergency(
        desk.cast.people["csw_elsewhere"], desk.number, "danger", f"{word} called me from a car.", desk.tick()
    )
    case_files.keep_file(advocate, desk.number, "consent", f"{word}.pdf", a_pdf() + word.encode(), desk.tick())
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    funds.spends()
    funds.submits("advocate")
    funds.reimburses()
    desk.plan().writes("advocate", strengths=f"{word} is curious.")
    place_hold(desk.cast.people["admin"], desk.number, f"Asked by counsel of {word}.", desk.tick())
    (hold,) = list_holds(desk.cast.people["admin"], desk.now)
    lift_hold(desk.cast.people["admin"], hold.id, f"{word} is of age.", desk.tick())
    _refused_line(desk, word)


def _refused_line(desk: Desk, word: str) -> None:
    """A line about the youth that an extract could not load, and one about nobody we know."""
    with writing() as session:
        load = ExtractLoad(
            source="CWS/CMS", file_name="a.csv", sha256="s", extract_on=desk.now.date(), loaded_at=desk.now, counts={}
        )
        session.add(load)
        session.flush()
        client = f"{desk.number:019d}"
        typed = "-".join((client[:4], client[4:8], client[8:12], client[12:]))
        for line in ({"client_id": typed, "last_name": word}, {"client_id": "9" * 19, "last_name": "Nobody"}):
            session.add(
                ExtractRefusal(
                    load_id=load.id, line_number=2, column="sex", problem="wrong", value=line["last_name"], line=line
                )
            )


def purged(desk: Desk) -> None:
    """Listed by the night, marked by Ada, purged by Abel a month later."""
    propose(DUE)
    mark(desk.cast.people["admin"], desk.number, DUE)
    confirm_purge(desk.cast.people["admin_second"], desk.number, LATER)


def two_youth() -> tuple[Desk, Desk]:
    """Two youth served and closed alike; the second one is to stay as it is."""

    def made() -> tuple[Desk, Desk]:
        desk = closed_youth()
        return desk, closed_youth(desk.cast, "Staywell")

    return begun(made, key="two youth closed")


def row_of(number: int) -> Assignment:
    with reading() as session:
        return session.scalars(select(Assignment).where(Assignment.number == number)).one()


def dump(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table as text."""
    with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(map(str, found))) for found in connection.execute(select(table)))
            for table in Row.metadata.sorted_tables
        }


def holding(engine: Engine, word: str) -> dict[str, int]:
    """In which tables, and how often, a word stands."""
    found = {table: sum(word.casefold() in row.casefold() for row in rows) for table, rows in dump(engine).items()}
    return {table: number for table, number in found.items() if number}

"""GET /files/{token}: an attachment for readers of the record, and the same 404 for everybody and everything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from cts.domain.vocabulary import Document, Role
from cts.services.actor import Actor
from cts.services.case_files import keep_file, remove_file
from cts.services.demonstration import PASSPHRASE
from cts.web.file_routes import disposition
from db.models import AccessEntry, Account, Assignment, Person, ReviewedDocument
from db.session import close_database, open_database, reading
from tests.outside.test_file_checks import a_pdf, a_picture
from tests.parts.cts_server import RunningCts
from tests.web.site import Site

NAME = 'Hồ sơ \u202e của Zoë "x"; a=b\r\nX: y.pdf'
SHOWN = "Hồ sơ của Zoë x ; a=b X y.pdf"
PEOPLE = (
    "advocate",
    "csw",
    "scsw",
    "admin",
    "coordinator",
    "advocate.second",
    "coordinator.newdawn",
    "csw.colleague",
    "scsw.elsewhere",
    "support",
)


@dataclass(frozen=True)
class Shelf:
    """A running CTS with a youth of Alan Advocate, and two files of that record: one kept, one removed."""

    site: Site
    number: int
    kept: str
    removed: str
    cookies: dict[str, str]

    def ask(self, who: str, token: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
        return self.site.ask(method, f"/files/{token}", self.cookies[who])


def actor_of(user_name: str) -> Actor:
    with reading() as session:
        person = session.scalars(select(Person).join(Account).where(Account.user_name == user_name)).one()
    return Actor(person.id, person.name, Role(person.role), office_code=person.office_code, agency_id=person.agency_id)


def a_youth_of(actor: Actor) -> int:
    with reading() as session:
        statement = select(Assignment.number).join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
        of_dcfs = (ReviewedDocument.kind == Document.FUNDS, Assignment.advocate_id == actor.person_id)
        return session.scalars(statement.where(*of_dcfs)).one()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder: Path = tmp_path_factory.mktemp("shelf")
    cts = RunningCts(folder, {})
    cts.demonstrate()
    cts.start()
    open_database(cts.database_url)
    advocate, now = actor_of("advocate"), datetime.now(UTC)
    number = a_youth_of(advocate)
    kept = keep_file(advocate, number, "consent", NAME, a_pdf(), now)
    removed = keep_file(advocate, number, "photo", "gone.png", a_picture("PNG"), now)
    remove_file(advocate, number, removed.token, "Of another youth", now)
    site = Site(cts)
    site.passwords = dict.fromkeys(PEOPLE, PASSPHRASE)
    yield Shelf(site, number, kept.token, removed.token, {who: site.sign_in(who) for who in PEOPLE})
    close_database()
    cts.stop()


@pytest.mark.parametrize("who", ["advocate", "csw", "scsw", "admin", "coordinator"])
def test_a_reader_gets_an_attachment_that_no_browser_opens_as_a_page(shelf: Shelf, who: str) -> None:
    status, headers, body = shelf.ask(who, shelf.kept)
    assert (status, body) == (200, a_pdf().decode("utf-8", "replace"))
    assert headers["content-type"] == "application/pdf"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    plain = "".join(c if c.isascii() else "_" for c in SHOWN)
    assert (
        headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(SHOWN, safe='')}"
    )
    assert "x" not in headers


def test_unknown_removed_and_forbidden_look_alike(shelf: Shelf) -> None:
    unknown = shelf.ask("advocate", "0" * 32)
    assert unknown[0] == 404
    strangers = ("advocate.second", "coordinator.newdawn", "csw.colleague", "scsw.elsewhere", "support")
    answers = [shelf.ask(who, shelf.kept) for who in strangers]
    answers += [shelf.ask(who, shelf.removed) for who in ("advocate", "csw", "admin", "coordinator.newdawn")]
    for status, headers, body in answers:
        assert (status, body) == (404, unknown[2])
        assert {k: v for k, v in headers.items() if k != "date"} == {k: v for k, v in unknown[1].items() if k != "date"}
        assert "content-disposition" not in headers


def test_head_asks_the_same_right_and_sends_nothing(shelf: Shelf) -> None:
    status, headers, body = shelf.ask("csw", shelf.kept, "HEAD")
    assert (status, body, headers["content-length"]) == (200, "", str(len(a_pdf())))
    assert shelf.ask("csw.colleague", shelf.kept, "HEAD")[0] == 404
    origin = {"Origin": shelf.site.base_url}
    for method in ("POST", "PUT", "DELETE"):
        assert shelf.site.ask(method, f"/files/{shelf.kept}", shelf.cookies["csw"], origin)[0] == 405


def test_nobody_without_a_session_gets_anything(shelf: Shelf) -> None:
    for cookie in ("", "x" * 43):
        status, headers, body = shelf.site.ask("GET", f"/files/{shelf.kept}", cookie)
        assert (status, body) == (303, "")
        assert headers["location"] == f"/login?next=%2Ffiles%2F{shelf.kept}"
    ended = shelf.site.sign_in("csw")
    shelf.site.sign_out(ended)
    assert shelf.site.ask("GET", f"/files/{shelf.kept}", ended)[0] == 303


@pytest.mark.parametrize(
    "path", ["", "x", "0" * 31, "0" * 33, "A" * 32, "..%2f..%2fcts.sqlite", "%00" * 32, "0" * 31 + "%0a"]
)
def test_what_is_no_token_is_no_page(shelf: Shelf, path: str) -> None:
    assert shelf.site.ask("GET", f"/files/{path}", shelf.cookies["admin"])[0] == 404


def test_every_download_and_refusal_is_in_the_access_log(shelf: Shelf) -> None:
    def logged() -> list[tuple[str, bool]]:
        with reading() as session:
            entries = session.scalars(
                select(AccessEntry).where(AccessEntry.action == "open file").order_by(AccessEntry.id.desc()).limit(2)
            )
            return [(entry.outcome, entry.assignment_id is not None) for entry in entries]

    shelf.ask("scsw", shelf.kept)
    shelf.ask("advocate.second", shelf.kept)
    assert logged() == [("refused", True), ("done", True)], "of which assignment, in both"


def test_a_name_stays_inside_its_header() -> None:
    assert disposition('a"b\\c%41.pdf') == "attachment; filename=\"a_b_c_41.pdf\"; filename*=UTF-8''a%22b%5Cc%2541.pdf"

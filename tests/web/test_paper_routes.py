"""Every document and record on paper has an address: asked again who may, a link survives sign-in, unknown and forbidden look alike."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest

from cts.services.demonstration import PASSPHRASE
from tests.web.site import Site

SERVED = "SELECT number FROM assignment WHERE agency_id = (SELECT agency_id FROM person WHERE name = 'Advocate, Alan')"
OF_A_RECORD = (
    "/documents/{0}/pdf",
    "/documents/{0}/plan/1/pdf",
    "/documents/{0}/summary/1/pdf",
    "/records/{0}/pdf",
    "/records/{0}/hand-over",
)


@pytest.fixture(scope="module")
def number(demonstration: Site) -> int:
    """The assignment of a youth whom Alan Advocate serves."""
    database = sqlite3.connect(Path(demonstration.cts.database_url.removeprefix("sqlite:///")))
    try:
        found: list[tuple[int]] = database.execute(f"{SERVED} AND advocate_id IS NOT NULL ORDER BY number").fetchall()
    finally:
        database.close()
    return found[0][0]


@pytest.mark.parametrize("address", OF_A_RECORD)
def test_a_person_of_the_record_gets_a_file_with_a_name_of_ours(address: str, demonstration: Site, number: int) -> None:
    cookie = demonstration.sign_in("advocate")
    status, headers, body = demonstration.ask("GET", address.format(number), cookie)
    assert status == 200 and body.startswith("%PDF-")
    assert headers["content-type"] == "application/pdf" and "no-store" in headers["cache-control"]
    name = headers["content-disposition"].removeprefix("attachment; filename=")
    assert str(number) in name and name.endswith('.pdf"')


@pytest.mark.parametrize("address", OF_A_RECORD)
@pytest.mark.parametrize(
    "who", ["advocate.newdawn", "coordinator.opendoor", "csw.colleague", "scsw.elsewhere", "support"]
)
def test_forbidden_looks_like_unknown(who: str, address: str, demonstration: Site, number: int) -> None:
    cookie = demonstration.sign_in(who)
    forbidden = demonstration.ask("GET", address.format(number), cookie)
    unknown = demonstration.ask("GET", address.format(999_999), cookie)
    assert forbidden[0] == unknown[0] == 404
    assert forbidden[2] == unknown[2] != ""


@pytest.mark.parametrize(
    "address",
    [
        "/documents/{0}/plan/9/pdf",
        "/documents/{0}/plan/0/pdf",
        "/documents/{0}/dossier/1/pdf",
        "/documents/{0}/Plan/1/pdf",
        "/documents/{0}/plan/1/pdf/more",
        "/documents/{0}/../{0}/plan/1/pdf",
        "/records/{0}/plan/pdf",
        "/records/0/pdf",
    ],
)
def test_what_is_no_document_is_not_found(address: str, demonstration: Site, number: int) -> None:
    cookie = demonstration.sign_in("advocate")
    assert demonstration.ask("GET", address.format(number), cookie)[0] == 404


@pytest.mark.parametrize("address", OF_A_RECORD)
def test_a_link_to_paper_survives_sign_in(address: str, demonstration: Site, number: int) -> None:
    link = address.format(number)
    status, headers, _ = demonstration.ask("GET", link)
    assert (status, headers["location"]) == (303, f"/login?next={quote(link, safe='')}")
    _, headers, _ = demonstration.post_login("advocate", PASSPHRASE, link)
    assert headers["location"] == link

"""An exported list is fetched by the person who asked, in the session that asked, and by nobody else: whatever else there is looks alike."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from cts.services.export_registry import LISTING
from cts.services.exports import GONE, offer_export
from cts.services.sessions import actor_of_session, hash_of
from db.session import close_database, open_database
from tests.web.site import Site


def asked(site: Site, cookie: str) -> str:
    """What the page does when Export is pressed in this session; returns the address without the kind of file."""
    open_database(site.cts.database_url)
    try:
        now = datetime.now(UTC)
        actor = actor_of_session(hash_of(cookie), now)
        assert actor is not None
        return f"/exports/{offer_export(actor, LISTING, {}, now)}"
    finally:
        close_database()


@pytest.mark.parametrize(("kind", "begins"), [("pdf", "%PDF-"), ("xlsx", "PK")])
def test_whoever_asked_gets_a_file_with_a_name_of_ours(kind: str, begins: str, demonstration: Site) -> None:
    cookie = demonstration.sign_in("csw")
    status, headers, body = demonstration.ask("GET", f"{asked(demonstration, cookie)}/{kind}", cookie)
    assert status == 200 and body.startswith(begins)
    assert headers["content-disposition"].startswith('attachment; filename="CTS-Assignment-Listing-')
    assert (
        "no-store" in headers["cache-control"] and headers["content-security-policy"] == "default-src 'none'; sandbox"
    )


@pytest.mark.parametrize("who", ["csw.colleague", "scsw", "admin", "support"])
def test_the_ticket_of_another_person_looks_like_none(who: str, demonstration: Site) -> None:
    address = asked(demonstration, demonstration.sign_in("csw"))
    cookie = demonstration.sign_in(who)
    forbidden = demonstration.ask("GET", f"{address}/xlsx", cookie)
    unknown = demonstration.ask("GET", f"/exports/{'x' * 43}/xlsx", cookie)
    assert forbidden[0] == unknown[0] == 404
    assert forbidden[2] == unknown[2] and GONE in forbidden[2]


def test_not_even_another_session_of_the_same_person_has_it(demonstration: Site) -> None:
    here, there = demonstration.sign_in("csw"), demonstration.sign_in("csw")
    address = asked(demonstration, here)
    assert demonstration.ask("GET", f"{address}/pdf", there)[0] == 404
    assert demonstration.ask("GET", f"{address}/pdf", here)[0] == 200
    assert demonstration.ask("GET", f"{address}/doc", here)[0] == 404
    demonstration.sign_out(here)
    assert demonstration.ask("GET", f"{address}/pdf", here)[0] == 303


def test_nobody_signed_in_is_asked_to_sign_in(demonstration: Site) -> None:
    address = f"{asked(demonstration, demonstration.sign_in('csw'))}/pdf"
    status, headers, body = demonstration.ask("GET", address)
    assert (status, headers["location"]) == (303, f"/login?next={quote(address, safe='')}")
    assert "%PDF" not in body

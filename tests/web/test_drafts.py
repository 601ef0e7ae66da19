"""What a closing tab sends by itself: saved as the page would have saved it, refused like everything else."""

import json

from cts.services.demonstration import PASSPHRASE
from tests.parts.cts_server import RunningCts
from tests.web.site import Site, stranger

NUMBER = 10069
"""A New assignment of the demonstration's CSW."""

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def demonstration(cts: RunningCts) -> Site:
    site = Site(cts)
    site.passwords = dict.fromkeys(("csw", "csw.colleague", "scsw"), PASSPHRASE)
    return site


def text(question: str, words: str) -> str:
    return json.dumps({"question": question, "text": words})


def send(site: Site, cookie: str, body: str, number: int = NUMBER, headers: dict[str, str] | None = None) -> int:
    return site.ask("POST", f"/drafts/{number}", cookie, headers or SAME_ORIGIN, body)[0]


def test_the_author_alone_saves_a_text_and_the_rest_is_refused(running_cts: RunningCts) -> None:
    site = demonstration(running_cts)
    author = site.sign_in("csw")
    assert send(site, author, text("attention", "The last words before the tab was closed.")) == 204
    for user_name in ("csw.colleague", "scsw"):
        assert send(site, site.sign_in(user_name), text("attention", "Not mine to write.")) == 409
    assert send(site, author, text("attention", "x"), number=99_999_999) == 409
    assert send(site, author, text("no_such_question", "x")) == 409
    assert send(site, author, text("attention", "x" * 10_001)) == 409


def test_nobody_who_is_not_signed_in_and_no_other_site(running_cts: RunningCts) -> None:
    site = demonstration(running_cts)
    author = site.sign_in("csw")
    for cookie in ("", stranger()):
        assert send(site, cookie, text("attention", "x")) in {303, 401, 403}
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert send(site, author, text("attention", "x"), headers=foreign) == 403
    assert site.ask("GET", f"/drafts/{NUMBER}", author)[0] in {404, 405}


def test_what_cannot_be_read_changes_nothing(running_cts: RunningCts) -> None:
    site = demonstration(running_cts)
    author = site.sign_in("csw")
    unreadable = ["", "{", "[]", '"x"', '{"question": "attention"}', '{"question": 1, "text": "x"}', "[" * 100_000]
    unreadable += ['{"question": "attention", "text": "x", "more": 1}', text("attention", "x" * 90_000)]
    for body in unreadable:
        assert send(site, author, body) == 400, body[:40]

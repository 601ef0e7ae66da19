"""What a closing tab sends by itself: saved as the page would have saved it, refused like everything else."""

import json
import sqlite3
from typing import Any

from cts.outside.sealing import open_text
from cts.services.demonstration import PASSPHRASE
from tests.parts.cts_server import RunningCts
from tests.web.site import Site, stranger

NUMBER = 10069
"""A New assignment of the demonstration's CSW."""

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def demonstration(cts: RunningCts) -> Site:
    site = Site(cts)
    site.passwords = dict.fromkeys(("csw", "csw.colleague", "scsw", "advocate", "advocate.second"), PASSPHRASE)
    return site


def text(question: str, words: str) -> str:
    return json.dumps({"question": question, "text": words})


def send(
    site: Site, cookie: str, body: str, number: int = NUMBER, headers: dict[str, str] | None = None, document: str = ""
) -> int:
    return site.ask("POST", f"/drafts/{number}{document}", cookie, headers or SAME_ORIGIN, body)[0]


def cell(row: str, column: str, words: str, question: str = "goals") -> str:
    return json.dumps({"question": question, "row": row, "column": column, "text": words})


def served(cts: RunningCts) -> tuple[int, dict[str, Any]]:
    """The youth of the demonstration in phase 2 of the plan, and what stands in it."""
    with sqlite3.connect(cts.var_dir / "cts.sqlite") as database:
        number, assignment_id, answers, sealed = database.execute(
            "select a.number, a.id, d.answers, d.sealed_answers from assignment a join document d on d.assignment_id = a.id "
            "where d.kind = 'Advocacy Plan' and d.sequence = 2"
        ).fetchone()
    private = open_text(sealed, f"document.answers:{assignment_id}/Advocacy Plan/2")
    return number, json.loads(answers) | json.loads(private)


def test_the_author_alone_saves_a_text_and_the_rest_is_refused(running_cts: RunningCts) -> None:
    site = demonstration(running_cts)
    author = site.sign_in("csw")
    assert send(site, author, text("attention", "The last words before the tab was closed.")) == 204
    for user_name in ("csw.colleague", "scsw"):
        assert send(site, site.sign_in(user_name), text("attention", "Not mine to write.")) == 409
    assert send(site, author, text("attention", "x"), number=99_999_999) == 409
    assert send(site, author, text("no_such_question", "x")) == 409
    assert send(site, author, text("attention", "x" * 10_001)) == 409


def test_one_cell_of_the_rows_of_another_document(running_cts: RunningCts) -> None:
    site = demonstration(running_cts)
    author = site.sign_in("advocate")
    number, before = served(running_cts)
    words = "The last words in a cell."
    assert send(site, author, cell("goal2", "action_step", words), number, document="/plan/2") == 204
    assert send(site, author, text("warnings", words), number, document="/plan/2") == 204
    _, after = served(running_cts)
    assert after["goals"] == [before["goals"][0], {**before["goals"][1], "action_step": words}]
    assert after == before | {"goals": after["goals"], "warnings": words}
    for user_name in ("csw", "advocate.second"):
        assert send(site, site.sign_in(user_name), cell("goal2", "goal", "x"), number, document="/plan/2") == 409
    for body in (cell("goal2", "no_such_column", "x"), cell("No id!", "goal", "x"), cell("goal2", "due_on", "soon")):
        assert send(site, author, body, number, document="/plan/2") == 409
    # An approved phase, one that is not there, a document there is not, an address that cannot be one.
    assert send(site, author, cell("goal2", "goal", "x"), number, document="/plan/1") == 409
    assert send(site, author, cell("goal2", "goal", "x"), number, document="/plan/3") == 409
    assert send(site, author, cell("goal2", "goal", "x"), number, document="/planet/1") == 400
    assert send(site, author, cell("goal2", "goal", "x"), number, document="/plan/two") == 404
    assert served(running_cts)[1] == after


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
    unreadable += [cell("", "goal", "x"), cell("goal1", "", "x"), '{"question": "goals", "row": "goal1", "text": "x"}']
    unreadable += ['{"question": "attention", "text": "x", "more": 1}', text("attention", "x" * 90_000)]
    for body in unreadable:
        assert send(site, author, body) == 400, body[:40]

"""The pages of CSEC Administration in a real browser: loading an extract, the e-mail log."""

import csv
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Looks
from tests.browser.people import ADMIN, ADMIN_SECOND, CSW, SUPPORT, Cast, arrive, table
from tests.parts.chromium import DESKTOP, NewPage
from tests.parts.cts_server import RunningCts, StartCts

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[2] / "db" / "demo"
COUNTS = (
    "New",
    "Changed",
    "Closed: flag ended",
    "Flag ended in service",
    "Unchanged",
    "No longer listed",
    "Lines refused",
)


def upload(page: Page, file: Path) -> None:
    """Hand over a file and wait for what it would change."""
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="What this extract would change")).to_be_visible(timeout=60_000)


def counts(page: Page) -> dict[str, int]:
    """The numbers shown."""
    shown = page.locator("[data-testid=stMetric]")
    expect(shown).to_have_count(len(COUNTS))
    found = [metric.inner_text().split("\n") for metric in shown.all()]
    return {label.strip(): int(value.replace(",", "")) for label, value in ([t for t in m if t.strip()] for m in found)}


def test_the_next_days_extract_is_previewed_left_loaded_and_reported(new_page: NewPage, start_cts: StartCts) -> None:
    cts = start_cts()
    page = arrive(new_page, cts, ADMIN, "/load-extract")
    upload(page, SAMPLES / "cws_cms_2026-11-03.csv")
    previewed = counts(page)
    assert (previewed["New"], previewed["No longer listed"]) == (9, 3)
    assert table(page, "Loads so far").get_by_role("row").count() == 2

    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("Total: 250")).to_be_visible()
    page.get_by_role("button", name="Data and places").click()
    page.get_by_role("menuitem", name="Load extract").click()
    assert counts(page) == previewed
    page.get_by_role("button", name="Load this extract").click()
    expect(page.get_by_role("heading", name=re.compile("Loading the extract|has changed"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="What this extract has changed")).to_be_visible(timeout=60_000)
    assert counts(page) == previewed
    expect(table(page, "Loads so far").get_by_role("row").nth(1)).to_contain_text("Ada Administrator")
    page.get_by_role("button", name="Load another extract").click()

    upload(page, SAMPLES / "cws_cms_2026-11-02.csv")
    expect(page.get_by_text("This extract is older than the last one loaded, of 11/03/2026.")).to_be_visible()
    expect(page.get_by_role("button", name="Load this extract")).to_be_disabled()
    page.get_by_text("Load although it is older").click()
    expect(page.get_by_role("button", name="Load this extract")).to_be_enabled()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("input[type=file]")).to_have_count(1)
    assert list((cts.var_dir / "extracts").glob("*")) == []


def test_refused_lines_are_shown_as_typed_and_downloaded_with_reasons(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = arrive(new_page, running_cts, ADMIN, "/load-extract")
    upload(page, SAMPLES / "cws_cms_messy.csv")
    assert counts(page)["Lines refused"] == 12
    refused = table(page, "Refused lines")
    expect(refused.get_by_role("row").filter(has_text="02/30/2011")).to_contain_text("This is not a date.")
    expect(page.get_by_text("Atlantis (9999Z)")).to_be_visible()
    kept = [file for file in (running_cts.var_dir / "extracts").iterdir() if "." not in file.name]
    assert [oct(file.stat().st_mode & 0o777) for file in kept] == ["0o600"]
    with page.expect_download() as started:
        page.get_by_role("link", name="Download refused lines with reasons").click()
    lines = list(csv.reader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"), newline="")))
    assert lines[0][:2] == ["refused_line", "refused_because"]
    assert len(lines) == 1 + 12
    assert all(line[1] for line in lines)
    # Most of what is listed is not in this small file: it is asked whether it is whole.
    expect(page.get_by_role("button", name="Load this extract")).to_be_disabled()
    page.get_by_text("This is the whole extract", exact=True).click()
    expect(page.get_by_role("button", name="Load this extract")).to_be_enabled()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("input[type=file]")).to_have_count(1)


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"", b"\x89PNG\r\n\x1a\n\0\0\0\0"], ids=["other table", "empty", "picture"]
)
def test_what_is_no_extract_is_refused_with_a_sentence(
    new_page: NewPage, running_cts: RunningCts, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "extract.csv"
    file.write_bytes(content)
    page = arrive(new_page, running_cts, ADMIN, "/load-extract")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".st-key-cts_refused_extract")).to_contain_text(re.compile(r"\w+ .*\."), timeout=60_000)
    page.get_by_role("button", name="Upload another file").click()
    expect(page.locator("input[type=file]")).to_have_count(1)


def test_nobody_else_loads_or_downloads(new_page: NewPage, running_cts: RunningCts) -> None:
    for who in (CSW, SUPPORT):
        page = arrive(new_page, running_cts, who, "/load-extract")
        expect(page.get_by_text("This page is for CSEC Administration.")).to_be_visible()
        assert page.request.get(f"{running_cts.base_url}/extracts/1/refused").status == 404
    # Each of the two is in the access log, once.
    log = "SELECT role, outcome FROM access_entry WHERE action = 'open page' AND json_extract(details, '$.page') = ?"
    with closing(sqlite3.connect(running_cts.var_dir / "cts.sqlite")) as database:
        assert sorted(database.execute(log, ["/load-extract"])) == [
            ("CSW", "refused"),
            ("Technical support", "refused"),
        ]
    page = arrive(new_page, running_cts, ADMIN)
    assert page.request.get(f"{running_cts.base_url}/extracts/1/refused").status == 200
    assert page.request.get(f"{running_cts.base_url}/extracts/99/refused").status == 404
    assert page.request.get(f"{running_cts.base_url}/extracts/uploads/{'0' * 32}/refused").status == 404
    assert running_cts.get("/extracts/1/refused")[0] in {302, 303, 401}


def test_an_email_is_read_as_it_was_sent(new_page: NewPage, start_cts: StartCts) -> None:
    cts = start_cts()
    done = cts.run_command("load-extract", str(SAMPLES / "cws_cms_2026-11-03.csv"))
    assert done.returncode == 0, done.stderr
    for who in (ADMIN_SECOND, SUPPORT):
        reads_an_email(new_page, cts, who)


def reads_an_email(new_page: NewPage, cts: RunningCts, who: Cast) -> None:
    """Open the first e-mail of the log by the keyboard, and close it."""
    page = arrive(new_page, cts, who, "/email-log")
    log = table(page, "E-mail log")
    expect(log.get_by_role("row").nth(1)).to_contain_text("CTS assignment")
    first = log.get_by_role("row").nth(1)
    number = first.get_by_role("cell").nth(2).inner_text()
    first.get_by_role("button").first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"assignment?number={number}")
    looks = Looks()
    looks.at(page, f"e-mail-{who.user}", sizes=(DESKTOP,))
    assert looks.found == [], "\n".join(looks.found)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # The keyboard goes on at the button that opened the dialog, though it stands in a part of ours, which Streamlit does not look into.
    expect(first.get_by_role("button").first).to_be_focused()
    page.get_by_text("Could not be delivered (0)").click()
    expect(page.get_by_text("No e-mail is in this state: Could not be delivered.")).to_be_visible()


def test_no_barrier_is_found(new_page: NewPage, running_cts: RunningCts) -> None:
    looks = Looks()
    page = arrive(new_page, running_cts, ADMIN, "/email-log")
    expect(page.get_by_text("No e-mail names a youth")).to_be_visible()
    looks.at(page, "email-log-empty")
    page.goto("/load-extract")
    upload(page, SAMPLES / "cws_cms_messy.csv")
    looks.at(page, "load-extract-uploaded")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("input[type=file]")).to_have_count(1)
    looks.at(page, "load-extract-discarded")
    assert looks.found == [], "\n".join(looks.found)

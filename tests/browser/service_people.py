"""What people do in a client record with mouse and keyboard, and what the post brings them; `people` has the rest."""

import io
import re
from datetime import UTC, date, datetime
from typing import Literal

from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

from cts.domain.calendar import office_day
from tests.browser.looking import SETTLED
from tests.browser.mailbox import FACTS_OF, line_of_extract, mail_about, personal_facts_in
from tests.browser.people import TRIES, Cast, act, confirm, listed, pick, question, table
from tests.parts.mail_server import ReceivedMail, SmtpServer


def today() -> date:
    """The office's day, which the server goes by."""
    return office_day(datetime.now(UTC), "America/Los_Angeles")


def us(day: date) -> str:
    """A day as it is typed and shown."""
    return f"{day:%m/%d/%Y}"


# The post


class Post:
    """The e-mails about one assignment from now on."""

    def __init__(self, server: SmtpServer, number: int) -> None:
        self._server, self._number = server, number
        self._read = len(mail_about(server, number))

    def brings(self, *wanted: tuple[Cast, str]) -> list[ReceivedMail]:
        """Since the last look exactly these arrived: to whom, and what the subject says after the number. None tells of the youth."""
        others = len(self._server.received) - len(mail_about(self._server, self._number))
        self._server.wait_for(others + self._read + len(wanted))
        fresh = mail_about(self._server, self._number)[self._read :]
        about = f"CTS assignment {self._number}: "
        assert sorted((", ".join(m.recipients), m.subject.removeprefix(about)) for m in fresh) == sorted(
            (who.email, subject) for who, subject in wanted
        )
        for mail in fresh:
            assert personal_facts_in(mail, self._number) == []
            assert (f"/assignment?number={self._number}" in mail.text) is ("no longer in your" not in mail.text)
        self._read += len(fresh)
        return fresh


def follow(page: Page, mail: ReceivedMail) -> None:
    """Open the link of an e-mail."""
    link = re.search(r"https?://\S+", mail.text)
    assert link is not None, mail.text
    page.goto(link[0])


# Finding


def find_served(page: Page) -> int:
    """The Assignment # of the first youth on the listing whom Alan Advocate serves; from now on no e-mail may tell of that youth."""
    expect(table(page)).to_be_visible()
    rows = table(page).get_by_role("row").filter(has=page.get_by_text("Approved", exact=True))
    row = rows.filter(has_text="Alan Advocate").first
    number = int(row.get_by_role("rowheader").get_by_role("link").inner_text())
    know_the_youth(page, number)
    return number


def know_the_youth(page: Page, number: int) -> dict[str, str]:
    """The youth's line of the extract, by the Referral # of the listing: no e-mail may hold a fact of it."""
    FACTS_OF[number] = line_of_extract(listed(page, number).get_by_role("cell").nth(1).inner_text())
    return FACTS_OF[number]


def open_waiting(page: Page, number: int, document: str, asked: str) -> None:
    """From the Home page: what waits for this person, opened where it stands."""
    page.goto("/")
    row = table(page, "Waiting on me, oldest first").get_by_role("row").filter(has_text=document)
    row = row.filter(has=page.get_by_role("link", name=f"Open assignment {number}, {document}", exact=True))
    expect(row).to_contain_text(asked)
    row.get_by_role("link").click()


def go_to(page: Page, number: int, tab: str, item: str = "") -> None:
    """A tab of the client record, or one document of it, by its address."""
    page.goto(f"/assignment?number={number}&tab={tab}" + (f"&item={item}" if item else ""))
    expect(page.get_by_role("heading", name="Client record", level=1)).to_be_visible()


def settle(page: Page) -> None:
    """Wait until the page has come to rest and what was typed is saved."""
    page.wait_for_timeout(300)
    page.locator(SETTLED).wait_for()


# Rows of a form


def card(page: Page, row: str) -> Locator:
    """One row to be written: "Goal 2"."""
    return page.get_by_role("group", name=row, exact=True)


def cell(
    page: Page, row: str, label: str, role: Literal["textbox", "radiogroup", "combobox", "group"] = "textbox"
) -> Locator:
    """One question of a row."""
    return question(card(page, row), label, role)


def write_cell(page: Page, row: str, label: str, text: str) -> None:
    """Type over what stands in a cell, and leave it."""
    cell(page, row, label).fill(text)
    cell(page, row, label).blur()


def write_date_cell(page: Page, row: str, label: str, day: date) -> None:
    """Type a date as MM/DD/YYYY."""
    cell(page, row, label, "group").get_by_role("spinbutton").first.click()
    page.keyboard.type(us(day).replace("/", ""))
    page.keyboard.press("Tab")


def choose_cell(page: Page, row: str, label: str, option: str) -> None:
    """One of a few options of a cell."""
    group = cell(page, row, label, "radiogroup")
    group.get_by_text(option, exact=True).click()
    expect(group.get_by_role("radio", name=option, exact=True)).to_be_checked()


def add_row(page: Page, button: str, row: str) -> None:
    """Press "Add a goal"; its card is there."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(card(page, row)).to_be_visible()


def remove_row(page: Page, row: str) -> None:
    """Take a row away."""
    card(page, row).get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text(f"{row} was removed.")).to_be_visible()


def a_picture_of(colour: str) -> bytes:
    """The photograph of a receipt; each colour is another file."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 90), colour).save(picture, "PNG")
    return picture.getvalue()


def hand_in(page: Page, row: str, description: str, day: date, amount: str, colour: str) -> None:
    """Write down one receipt and add its photograph."""
    name = f"{description.lower()}.png"
    file = {"name": name, "mimeType": "image/png", "buffer": a_picture_of(colour)}
    card(page, row).locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(card(page, row).get_by_role("button", name="Replace")).to_be_visible()
    write_cell(page, row, "Description", description)
    write_date_cell(page, row, "Receipt Date", day)
    write_cell(page, row, "Amount", amount)


# Acting


def submit(page: Page, document: str, status: str) -> None:
    """Submit what the Advocate wrote; it goes to whoever is next."""
    confirm(act(page, "Submit"), "Submit", f"You submitted the {document}. Its status is {status}.")


def approve_it(page: Page, document: str, status: str) -> None:
    """Approve what the Advocate submitted."""
    confirm(act(page, "Approve"), "Approve", f"You approved the {document}. Its status is {status}.")


def send_back(page: Page, document: str, reason: str, text: str, status: str = "Rejected") -> None:
    """Reject with a reason."""
    dialog = act(page, "Reject")
    pick(dialog, "Reason", reason)
    dialog.get_by_label("What is to be changed, or why").fill(text)
    what = document if status == "Rejected" else f"receipts of the {document}"
    says = f"You rejected the {what}; the Advocate has been told. Its status is {status}."
    confirm(dialog, "Reject", says)


def begin(page: Page, number: int, tab: str, button: str) -> None:
    """The Advocate begins a report or request on its tab."""
    go_to(page, number, tab)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(re.compile("^You began the "))).to_be_visible()


def may_not(page: Page, *buttons: str) -> None:
    """None of these buttons stands there, once everything else does."""
    expect(page.get_by_role("link", name="PDF", exact=True)).to_be_visible()
    settle(page)
    for button in buttons:
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)


def pick_first(where: Page | Locator, label: str, beginning: str) -> None:
    """The first choice of a list that begins so; the list is opened again when the page drew it anew meanwhile."""
    field = question(where, label, "combobox")
    page = where if isinstance(where, Page) else where.page
    choice = page.get_by_role("option", name=re.compile("^" + re.escape(beginning))).first
    for _ in range(TRIES):
        try:
            if not choice.is_visible():
                field.focus()
                field.press("ArrowDown")
            choice.click(timeout=3_000)
            break
        except Error:
            continue
    expect(field).not_to_have_value("")
    settle(page)


# Reading


def name_other_worker(page: Page, department: str, who: Cast) -> None:
    """On the Client Summary of a dual youth: choose the worker of the other department who reads along."""
    page.get_by_role("button", name=f"Name a worker of {department}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name begins with").fill(who.name.split()[-1])
    dialog.get_by_label("Name begins with").press("Enter")
    pick(dialog, "Worker", who.name)
    confirm(dialog, "Save", "reads along and has been told.")


def what_changed(page: Page) -> list[tuple[str, ...]]:
    """Question, before, now: each line of what changed since a rejection."""
    expect(page.get_by_role("heading", name="What changed since it was rejected")).to_be_visible()
    settle(page)
    words = page.locator(".st-key-cts_changes").get_by_test_id("stText").all_inner_texts()
    return [tuple(words[at : at + 3]) for at in range(3, len(words), 3)]


def row_of(page: Page, caption: str, words: str) -> Locator:
    """The row of a table that holds these words."""
    return table(page, caption).get_by_role("row").filter(has_text=words)

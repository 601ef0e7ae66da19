"""Markdown and HTML in every text of every document, activity, update, file and reason, read by every role: text, and nothing more."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from cts.domain.activity import Entry, Outcome
from cts.domain.calendar import add_months
from cts.domain.vocabulary import Document
from cts.domain.whereabouts import Update
from cts.forms.advocacy_plan import ADVOCACY_PLAN
from cts.forms.client_summary import CLIENT_SUMMARY
from cts.forms.extension_request import EXTENSION_REQUEST
from cts.forms.referral import REFERRAL
from cts.forms.restoration_funds import RESTORATION_FUNDS
from cts.forms.termination_report import TERMINATION_REPORT
from cts.services import activities, case_files, client_updates
from cts.services.fetching import today_of
from tests.browser.inert import WISHFUL, expect_inert, wishful
from tests.browser.looking import words_on
from tests.browser.people import ADMIN, ADVOCATE, COORDINATOR, CSW, SCSW, SUPPORT, Cast, arrive, find_new
from tests.browser.service_beforehand import Beforehand, OfficeDesk
from tests.browser.service_people import a_picture_of, settle
from tests.parts.answers import WHOLE
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.mail_server import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SPECS = {
    Document.REFERRAL: REFERRAL,
    Document.PLAN: ADVOCACY_PLAN,
    Document.FUNDS: RESTORATION_FUNDS,
    Document.EXTENSION: EXTENSION_REQUEST,
    Document.TERMINATION: TERMINATION_REPORT,
    Document.SUMMARY: CLIENT_SUMMARY,
}
PLACES = (
    "summary",
    "plan&item=plan-1",
    "activity",
    "documents",
    "requests&item=funds-1",
    "requests&item=extension-1",
    "termination",
    "history",
    "referral",
)
OTHERS_READ = ("plan&item=plan-1", "history", "referral")
READERS = {CSW: PLACES, ADVOCATE: PLACES} | dict.fromkeys((SCSW, ADMIN, COORDINATOR), OTHERS_READ)
"""The case worker and the Advocate see, to read or to write, whatever anybody sees; the others look where they see it otherwise."""


def writes(desk: OfficeDesk, who: str, **days: object) -> None:
    """The whole document, WISHFUL wherever it takes a text."""
    desk.writes(who, **(wishful(SPECS[desk.kind], WHOLE[desk.kind]) | days))


def whole_record(desk: OfficeDesk) -> None:
    """A service from the Referral to the Termination Report that waits, everything typed being WISHFUL."""
    day = desk.today
    writes(desk, "csw")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.rejects("scsw", "other", WISHFUL)
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    writes(desk.summary, "advocate")
    plan = desk.plan()
    due = [
        row | {"due_on": f"{day + timedelta(days=9)}"} for row in wishful(ADVOCACY_PLAN, WHOLE[Document.PLAN])["goals"]
    ]
    writes(plan, "advocate", start_on=f"{day}", goals=due)
    plan.submits("advocate")
    plan.rejects("csw", "other", WISHFUL)
    plan.submits("advocate")
    funds = desk.starts("advocate", Document.FUNDS)
    writes(funds, "advocate", requested_on=f"{day}")
    funds.submits("advocate")
    more_time = desk.starts("advocate", Document.EXTENSION)
    writes(more_time, "advocate", from_on=f"{add_months(day, 11)}", to_on=f"{add_months(day, 14)}")
    more_time.submits("advocate")
    report = desk.starts("advocate", Document.TERMINATION)
    writes(report, "advocate", terminated_on=f"{day}")
    report.submits("advocate")
    beside_the_documents(desk)


def beside_the_documents(desk: OfficeDesk) -> None:
    """Activity, update and files, one of each taken back or removed with a reason."""
    advocate, number, now = desk._actor("advocate"), desk.number, datetime.now(UTC)
    entry = Entry(today_of(now), "visit", "in_person", "home", Outcome.COMPLETED, 30, ("youth",), WISHFUL)
    activities.add(advocate, number, entry, "one", now)
    activities.take_back(advocate, number, activities.add(advocate, number, entry, "two", now), WISHFUL, now)
    client_updates.add(advocate, number, Update(today_of(now), "Misc update", WISHFUL), "one", now)
    for colour in ("navy", "teal"):
        kept = case_files.keep_file(
            advocate, number, "other", f"{WISHFUL[:60]} {colour}.png", a_picture_of(colour), now
        )
    case_files.remove_file(advocate, number, kept.token, WISHFUL, now)


def test_what_was_typed_stays_text_for_every_role(
    running_cts: RunningCts, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    new_page.leave(csw)
    with Beforehand(running_cts, smtp_server, number) as desk:
        whole_record(desk)
    shown: dict[str, int] = {}
    for who, places in READERS.items():
        page = arrive(new_page, running_cts, who)
        expect_inert(page)
        for place in places:
            page.goto(f"/assignment?number={number}&tab={place}")
            expect(page.get_by_role("heading", name="Client record", level=1)).to_be_visible()
            settle(page)
            expect_inert(page)
            inside = words_on(page) + " ".join(
                page.locator("textarea, input").evaluate_all("fields => fields.map((field) => field.value)")
            )
            shown[place] = shown.get(place, 0) + (WISHFUL[:40] in inside)
        new_page.leave(page)
    # The text was there to be read, not left out.
    assert all(shown[place] >= 2 for place in PLACES), shown


@pytest.mark.parametrize(("who", "path"), [(ADMIN, "/restoration-funds"), (SUPPORT, "/email-log")])
def test_the_pages_beside_the_record(running_cts: RunningCts, new_page: NewPage, who: Cast, path: str) -> None:
    page = arrive(new_page, running_cts, who, path)
    settle(page)
    expect_inert(page)
    assert "outside.example" not in words_on(page)

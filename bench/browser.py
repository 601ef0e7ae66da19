"""The loop of a working day in a real browser: search, open, approve, back; beside a page that has the same widgets and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import insert, select

from bench.databases import NOW, fill, sqlite_at
from bench.results import Result
from bench.served import PASSPHRASE, Bare, take_the_night
from bench.step import REASON, plan_in_review, take
from bench.timing import once, percentile
from cts.domain.vocabulary import Action
from cts.services.actor import Actor
from db.batches import Batches
from db.demo.years import Course, tell_years
from db.models import Account, Assignment, Youth
from db.session import close_database, open_database, reading, writing
from tests.parts.chromium import FLAGS, chromium_program
from tests.parts.cts_server import RunningCts
from tests.parts.passwords import quick_hash

DJANGO_MILLISECONDS = 245.0
"""A bare Django application doing the same on another machine: the limit of the whole loop."""
ROUNDS = 12
LISTING = ".st-key-home_listing", ".st-key-table_listing"
"""The listing is a part within a part; what waits stands below it after a search."""


def loop(folder: Path, rows: int) -> Iterator[Result]:
    """Both loops in turns, in one browser."""
    url, number, state_id = _made(folder, rows)
    people = _opened(url)
    cts, bare = RunningCts(folder / "loop", {"CTS_MAIL_EVERY_SECONDS": "3600"}), Bare(folder / "bare-loop", {})
    cts.start()
    bare.start()
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
            own, other = chromium.new_page(base_url=cts.base_url), chromium.new_page(base_url=bare.base_url)
            _arrive(own, cts)
            other.goto("/?loop=1")
            taken, against = [], []
            for turn in range(ROUNDS):
                bare_time, own_time = once(lambda: _bare(other)), once(lambda: _own(own, number, state_id))
                _clear(own)
                take(people["supervisor"], number, Action.REJECT, **REASON)
                take(people["advocate"], number, Action.SUBMIT)
                if turn > 1:
                    taken.append(own_time)
                    against.append(bare_time)
            chromium.close()
    finally:
        cts.stop()
        bare.stop()
        close_database()
    name = f"search, open, approve, back at {rows:,} rows"
    yield Result("browser", f"{name}, beside the same widgets", percentile(against, 0.25), percentile(taken, 0.25), 1.5)
    yield Result("browser", f"{name}, milliseconds", None, percentile(taken, 0.25), DJANGO_MILLISECONDS)


def _made(folder: Path, rows: int) -> tuple[str, int, str]:
    """A database in which a plan waits for the case worker `loop`."""
    (folder / "loop").mkdir()
    fill(sqlite_at(folder, rows), rows)
    with writing() as session:
        tell_years(Batches(session.connection()), Course("loop", NOW - timedelta(days=500), NOW, 150, 0.85))
    number, people = plan_in_review()
    with writing() as session:
        account = {
            "person_id": people["worker"].person_id,
            "user_name": "loop",
            "password_hash": quick_hash(PASSPHRASE),
        }
        session.execute(insert(Account), [account])
    with reading() as session:
        own = select(Youth.state_id).join(Assignment, Assignment.youth_id == Youth.id)
        state_id = session.scalars(own.where(Assignment.number == number)).one()
    take_the_night()
    close_database()
    kept = folder / "loop" / "cts.sqlite"
    Path(sqlite_at(folder, rows).removeprefix("sqlite:///")).rename(kept)
    return f"sqlite:///{kept}", number, state_id


def _opened(url: str) -> dict[str, Actor]:
    open_database(url)
    return dict(plan_in_review()[1])


def _arrive(page: Page, cts: RunningCts) -> None:
    form: dict[str, str | float | bool] = {"user_name": "loop", "password": PASSPHRASE, "next": "/"}
    answer = page.request.post("/login", form=form, headers={"Origin": cts.base_url}, max_redirects=0)
    assert answer.status == 303, answer.text()
    page.goto("/")
    expect(page.get_by_role("heading", name="Home")).to_be_visible(timeout=30_000)


def _own(page: Page, number: int, state_id: str) -> None:
    page.get_by_label("State ID").fill(state_id)
    page.get_by_role("button", name="Search", exact=True).click()
    _until(page, "tr", "", 2, within=LISTING)
    page.get_by_role("link", name=f"Open assignment {number}").first.click()
    _until(page, "a", "Advocacy Plan", within=".st-key-record_top")
    page.get_by_role("link", name="Advocacy Plan").first.click()
    _until(page, "button", "Approve", within=".st-key-step_approve")
    page.get_by_role("button", name="Approve", exact=True).click()
    _until(page, "button", "Approve", within="[role=dialog]")
    page.get_by_role("dialog").get_by_role("button", name="Approve", exact=True).click()
    _until(page, "span", "You approved the Advocacy Plan", within=".st-key-cts_done")
    page.get_by_role("link", name="Home").first.click()
    _until(page, "h1", "Home")
    _until(page, "tr", "", within=LISTING)


def _clear(page: Page) -> None:
    """Not measured: the listing as it was, so that the next search has something to narrow."""
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function(f"(asked) => !({_SEEN})(asked)", arg=["tr", "", 2, LISTING])


def _bare(page: Page) -> None:
    page.get_by_label("State ID").fill("81234567")
    page.get_by_role("button", name="Search", exact=True).click()
    _until(page, "button", "Open")
    page.get_by_role("button", name="Open", exact=True).click()
    _until(page, "button", "Advocacy Plan")
    page.get_by_role("button", name="Advocacy Plan", exact=True).click()
    _until(page, "button", "Approve")
    page.get_by_role("button", name="Approve", exact=True).click()
    _until(page, "button", "Approve", within="[role=dialog]")
    page.get_by_role("dialog").get_by_role("button", name="Approve", exact=True).click()
    _until(page, "span", "You approved")
    page.get_by_role("button", name="Home", exact=True).click()
    _until(page, "h1", "Table")
    _until(page, "tr", "", within="[class*=st-key-table]")


_SEEN = """([tag, words, number, [within, part_of]]) => {
  const parts = (root) => [...root.querySelectorAll("*")].flatMap((part) => part.shadowRoot ? [part, ...parts(part.shadowRoot)] : [part]);
  const within_all = (places) => places.flatMap((place) => [place, ...parts(place.shadowRoot ?? place)]);
  const outer = within_all([...document.querySelectorAll(within)]);
  const found = (part_of ? within_all(outer.filter((part) => part.matches(part_of))) : outer).filter((part) => part.matches(tag));
  const seen = new Set(found.filter((part) => part.textContent.startsWith(words) && part.checkVisibility()));
  return number ? seen.size === number : seen.size > 0;
}"""
"""Asked at every picture of the browser: with Playwright's own waits, which look after growing pauses, the pauses would be measured."""


def _until(
    page: Page, tag: str, words: str, number: int = 0, within: str | tuple[str, str] = "[data-testid=stMain]"
) -> None:
    """Wait until one of these is seen; or exactly so many."""
    page.wait_for_function(_SEEN, arg=[tag, words, number, [within] if isinstance(within, str) else within])

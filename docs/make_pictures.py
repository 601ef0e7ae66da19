"""Takes the pictures of the README: ``make pictures``. Needs Chromium and pdftoppm (the parts of the tests).

Starts a demonstration of its own, brings it to the middle of a working day by the services, and looks at it in a real
browser. The youth shown are those of the synthetic sample extract.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from sqlalchemy import select  # noqa: E402

from cts.domain.filters import Filters  # noqa: E402
from cts.domain.names import spoken_name  # noqa: E402
from cts.domain.vocabulary import Action, Role, Status  # noqa: E402
from cts.services.actor import Actor  # noqa: E402
from cts.services.demonstration import EXTRACT, PASSPHRASE  # noqa: E402
from cts.services.documents import open_document, read_document  # noqa: E402
from cts.services.drafts import save  # noqa: E402
from cts.services.fetching import today_of  # noqa: E402
from cts.services.listings import listing  # noqa: E402
from cts.services.printing import print_document  # noqa: E402
from cts.services.signatures import sign  # noqa: E402
from cts.services.steps import StepRequest, take_step  # noqa: E402
from db.models import Account, Office, Person  # noqa: E402
from db.session import close_database, open_database, reading  # noqa: E402
from tests.cast import ANSWERS  # noqa: E402
from tests.parts.chromium import FLAGS, chromium_program  # noqa: E402
from tests.parts.cts_server import RunningCts  # noqa: E402
from tests.parts.keys import A_DATA_KEY  # noqa: E402

PICTURES = PROJECT / "docs" / "pictures"
NEXT_EXTRACT = EXTRACT.with_name("cws_cms_2026-11-03.csv")
DESKTOP, TALL, PHONE = (1280, 860), (1280, 1100), (390, 844)
COLOURS = 200
ALERTS = {
    "6404": "An older cousin at home is in a gang; visit in pairs.",
    "exploiter_contact": "By phone, since summer.",
}


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # The services here and the server read what the other wrote.
    os.environ["CTS_DATA_KEYS"] = A_DATA_KEY
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as cts:
        numbers = _working_day(cts)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), headless=True, args=FLAGS)
            for take in (home, referral, decision, load_extract, phone, record, plan, activity):
                take(browser, cts, numbers)
            browser.close()


@contextmanager
def _running(folder: Path) -> Iterator[RunningCts]:
    cts = RunningCts(folder, {})
    cts.start()
    try:
        yield cts
    finally:
        cts.stop()


def _working_day(cts: RunningCts) -> dict[str, int]:
    """Some Referrals of one caseload at different places of their way; returns the assignments' numbers."""
    open_database(cts.database_url)
    try:
        csw, scsw, admin = (_actor(name) for name in ("csw", "scsw", "admin"))
        today = today_of(datetime.now(UTC))
        page = listing(csw, Filters(status=Status.NEW), today)
        served = listing(csw, Filters(status=Status.APPROVED), today).rows[0].number
        deciding, waiting, draft = [row.number for row in page.rows if _needs_no_exception(csw, row.number)][:3]
        for number in (deciding, waiting):
            _submit(csw, scsw, number)
        _sign(scsw, deciding)
        _step(scsw, deciding, Action.APPROVE)
        save(csw, draft, {k: v for k, v in ANSWERS.items() if k not in {"hotline", "services"}}, _now())
        _print(admin, served)
        return {"served": served, "deciding": deciding, "waiting": waiting, "draft": draft}
    finally:
        close_database()


def _now() -> datetime:
    return datetime.now(UTC)


def _actor(user_name: str) -> Actor:
    with reading() as session:
        person = session.scalars(select(Person).join(Account).where(Account.user_name == user_name)).one()
        office = session.get(Office, person.office_code) if person.office_code else None
        return Actor(
            person.id,
            person.name,
            Role(person.role),
            person.email,
            person.office_code,
            office.name if office else "",
            person.unit,
            person.agency_id,
        )


def _needs_no_exception(csw: Actor, number: int) -> bool:
    save(csw, number, ANSWERS | {"alerts_stated": "present", "alerts": ALERTS}, _now())
    view = read_document(csw, number, _now())
    if view.problems:
        save(csw, number, dict.fromkeys([*ANSWERS, "alerts"]), _now())
    return not view.problems


def _submit(csw: Actor, scsw: Actor, number: int) -> None:
    _sign(csw, number)
    _step(csw, number, Action.SUBMIT, supervisor_id=scsw.person_id)


def _sign(actor: Actor, number: int) -> None:
    version = open_document(actor, number, _now()).version
    sign(actor, number, spoken_name(actor.name), PASSPHRASE, version, _now())


def _step(actor: Actor, number: int, action: Action, **asked: int | None) -> None:
    version = open_document(actor, number, _now()).version
    take_step(actor, number, StepRequest(action, version, uuid4().hex, **asked), _now())  # type: ignore[arg-type]


def home(browser: Browser, cts: RunningCts, _numbers: dict[str, int]) -> None:
    """The supervisor's Home page."""
    with _signed_in(browser, cts, "scsw", TALL, "/?sort=-number") as page:
        _settle(page, "Assignment Listing")
        _take(page, "home")


def referral(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """A Referral that is being written, with what CWS/CMS knows."""
    with _signed_in(browser, cts, "csw", DESKTOP, f"/assignment?number={numbers['draft']}") as page:
        _settle(page, "Section I")
        _take(page, "referral")


def decision(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """The pop-up in which CSEC Administration chooses the agency."""
    with _signed_in(browser, cts, "admin", DESKTOP, f"/assignment?number={numbers['deciding']}") as page:
        _settle(page, "Section I")
        page.get_by_role("button", name="Approve", exact=True).first.click()
        page.get_by_role("dialog").wait_for()
        page.wait_for_timeout(700)
        _take(page, "decision")


def load_extract(browser: Browser, cts: RunningCts, _numbers: dict[str, int]) -> None:
    """The preview of the next day's extract."""
    with _signed_in(browser, cts, "admin", DESKTOP, "/load-extract") as page:
        page.locator("input[type=file]").set_input_files(NEXT_EXTRACT)
        _settle(page, "What this extract would change")
        _take(page, "load_extract")


def phone(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """A Referral on a phone."""
    with _signed_in(browser, cts, "scsw", PHONE, f"/assignment?number={numbers['waiting']}") as page:
        _settle(page, "Section I")
        _take(page, "phone")


def record(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """The client record, as the case worker finds it."""
    with _signed_in(browser, cts, "csw", DESKTOP, f"/assignment?number={numbers['served']}&tab=requests") as page:
        _settle(page, "Ledger")
        _take(page, "record")


def plan(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """A phase of the Advocacy Plan being written."""
    with _signed_in(browser, cts, "advocate", TALL, f"/assignment?number={numbers['served']}&tab=plan") as page:
        _settle(page, "Strengths, warnings and needs")
        _take(page, "plan")


def activity(browser: Browser, cts: RunningCts, numbers: dict[str, int]) -> None:
    """Advocate Activity on a phone."""
    with _signed_in(browser, cts, "advocate", PHONE, f"/assignment?number={numbers['served']}&tab=activity") as page:
        _settle(page, "Advocate Activity")
        _take(page, "activity")


@contextmanager
def _signed_in(
    browser: Browser, cts: RunningCts, user_name: str, size: tuple[int, int], path: str = "/"
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="en-US", timezone_id="America/Los_Angeles"
    )
    page = context.new_page()
    page.goto(cts.base_url + path)
    page.get_by_label("User name").fill(user_name)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    yield page
    context.close()


def _settle(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for(timeout=30_000)
    page.wait_for_timeout(1500)


def _take(page: Page, name: str) -> None:
    _keep(Image.open(BytesIO(page.screenshot())), name)


def _print(actor: Actor, number: int) -> None:
    """The first page of the PDF."""
    file = print_document(actor, number, _now())
    done = subprocess.run(
        ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-"], input=file.content, capture_output=True, check=True
    )
    _keep(Image.open(BytesIO(done.stdout)), "pdf")


def _keep(picture: Image.Image, name: str) -> None:
    path = PICTURES / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

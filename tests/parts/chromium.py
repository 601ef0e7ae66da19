"""The real browser: the machine's own Chromium, driven by Playwright.

A page fails its test when the browser's console shows an error, a script throws, or anything asks an outside host.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    sync_playwright,
)

from cts.settings import PROJECT
from tests.parts.watch import Watch

SCREENSHOTS = PROJECT / "var" / "screenshots"
DESKTOP, PHONE = (1280, 900), (390, 844)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    # The window around a page would otherwise start two more renderers, for the suggestions of an address bar nobody sees.
    # (Chromium takes only the last such list; "AimEnabled" and the rest of Playwright's own keep it from asking outside.)
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch",
    # Nothing but loopback has an address, so that a page that asks an outside host is seen at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def chromium_program() -> str:
    """The program: CTS_TEST_CHROMIUM, else /usr/bin/chromium."""
    return os.environ.get("CTS_TEST_CHROMIUM", "/usr/bin/chromium")


class UsedContexts:
    """Browser contexts that tests are done with. Whoever arrives next takes one without its cookies, but with the scripts of CTS it has
    fetched: fetching and translating them anew is half of the work of showing a page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[tuple[int, int], str], list[BrowserContext]] = {}

    def new(self, size: tuple[int, int], base_url: str) -> BrowserContext:
        """One that nobody has used."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="en-US",
            timezone_id="America/Los_Angeles",
            base_url=base_url or None,
            has_touch=size[0] < 600,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        return context

    def take(self, size: tuple[int, int], base_url: str) -> BrowserContext:
        """One that somebody has left, else a new one."""
        left = self._free.get((size, base_url))
        return left.pop() if left else self.new(size, base_url)

    def give_back(self, context: BrowserContext, size: tuple[int, int], base_url: str) -> None:
        """Whoever used it leaves: nothing of what was kept for the person stays."""
        for page in context.pages[1:]:
            page.close()
        page = context.pages[0] if context.pages else context.new_page()
        storage = "cookies,local_storage,session_storage,indexeddb,service_workers"
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": base_url, "storageTypes": storage})
        context.clear_cookies()
        page.close()
        self._free.setdefault((size, base_url), []).append(context)


class KeptChromium:
    """Chromium, kept from one file of tests in a browser to the next, with what they leave to each other."""

    def __init__(self) -> None:
        self._all = ExitStack()
        self._browser: Browser | None = None
        self._contexts: UsedContexts | None = None

    def contexts(self) -> UsedContexts:
        """Of the Chromium that runs; it is started if there is none, or it broke down."""
        if self._contexts is None or self._browser is None or not self._browser.is_connected():
            self.end()
            playwright = self._all.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=chromium_program(), headless=True, args=FLAGS)
            self._all.callback(self._browser.close)
            self._contexts = UsedContexts(self._browser)
        return self._contexts

    def end(self) -> None:
        """Chromium and Playwright end. While Playwright runs, no test can have an event loop of its own."""
        self._browser = self._contexts = None
        self._all.close()


chromium = KeptChromium()


@pytest.fixture
def used_contexts() -> UsedContexts:
    """What tests of a CTS at the same address leave to each other."""
    if not Path(chromium_program()).exists():
        pytest.fail(f"The tests need Chromium at {chromium_program()} (or CTS_TEST_CHROMIUM): apt-get install chromium")
    return chromium.contexts()


@dataclass(frozen=True)
class _Opened:
    context: BrowserContext
    watch: Watch
    size: tuple[int, int]
    base_url: str
    to_be_left: bool


class NewPage:
    """Call it to open a page: `new_page(size=PHONE, allowed=("status of 404",))`; each has cookies of its own.

    `used=True` takes a browser context that another person of the tests has left, and leaves it at the end: not for a test that
    sets its clock or the like.
    """

    def __init__(self, contexts: UsedContexts, test_name: str) -> None:
        self._contexts = contexts
        self.test_name = test_name
        self.watches: list[Watch] = []
        self._opened: list[_Opened] = []

    def __call__(
        self, size: tuple[int, int] = DESKTOP, allowed: tuple[str, ...] = (), base_url: str = "", used: bool = False
    ) -> Page:
        context = (self._contexts.take if used else self._contexts.new)(size, base_url)
        watch = Watch(allowed)
        watch.follow(context)
        self.watches.append(watch)
        self._opened.append(_Opened(context, watch, size, base_url, used))
        return context.new_page()

    def leave(self, page: Page) -> None:
        """The person of this page goes; whoever comes next may use what is left."""
        [opened] = [one for one in self._opened if one.context == page.context]
        self._opened.remove(opened)
        self._end(opened)

    def leave_all(self) -> None:
        """At the end of the test."""
        while self._opened:
            self._end(self._opened.pop())

    def _end(self, opened: _Opened) -> None:
        if opened.to_be_left:
            self._contexts.give_back(opened.context, opened.size, opened.base_url)
            opened.watch.leave(opened.context)
        else:
            opened.context.close()

    def allow(self, piece: str) -> None:
        """From now on this piece of a console text is expected, on every page of the test."""
        for watch in self.watches:
            watch.allowed.append(piece)

    def complaints(self) -> list[str]:
        """What the pages did that they may not do."""
        return [complaint for watch in self.watches for complaint in watch.complaints]

    def keep_evidence(self) -> list[str]:
        """Screenshots of every open page, for a test that has failed; returns their paths."""
        pages = [page for opened in self._opened for page in opened.context.pages]
        return [self._kept(page, n) for n, page in enumerate(pages, 1)]

    def _kept(self, page: Page, n: int) -> str:
        try:
            return str(screenshot(page, f"failed-{self.test_name}-{n}"))
        except Error as error:
            # The page itself may have crashed; the test's own failure is what matters.
            return f"No picture: {error.message.splitlines()[0]}"


@pytest.fixture
def new_page(used_contexts: UsedContexts, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens watched pages, each with cookies of its own, and closes them at the end of the test."""
    opener = NewPage(used_contexts, request.node.name)
    yield opener
    complaints = opener.complaints()
    opener.leave_all()
    assert complaints == [], "\n".join(complaints)


def screenshot(page: Page, name: str) -> Path:
    """Write var/screenshots/<name>-<width>.png, as high as the page's content, and return its path."""
    size = page.viewport_size or {"width": DESKTOP[0], "height": DESKTOP[1]}
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}-{size['width']}.png"
    # Streamlit scrolls inside its own frame, so a full-page picture needs a window as high as what is inside it.
    content = page.evaluate(
        "() => Math.max(document.documentElement.scrollHeight,"
        " ...[...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollHeight))"
    )
    page.set_viewport_size({"width": size["width"], "height": min(max(int(content), size["height"]), 8000)})
    page.screenshot(path=path)
    page.set_viewport_size(size)
    return path


Screenshot = Callable[[Page, str], Path]


@pytest.fixture
def take_screenshot() -> Screenshot:
    """The function `screenshot`, as a fixture."""
    return screenshot

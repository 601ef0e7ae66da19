"""Looking at a page as it stands, on a screen and on a phone: barriers that axe finds, words cut off; with CTS_TEST_PICTURES a picture."""

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.parts.chromium import DESKTOP, PHONE, screenshot

WCAG_21_AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
STILL = """() => Promise.race([
    Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < Infinity).map(a => a.finished.catch(() => 0)))
      .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))),
    new Promise(done => setTimeout(done, 2000)),
])"""


_WORDS = """() => {
  const shadows = (root) => [...root.querySelectorAll("*")].filter((part) => part.shadowRoot).map((part) => within(part.shadowRoot));
  const within = (root) => [root.innerText ?? root.textContent, ...shadows(root)].join("\\n");
  return within(document.body);
}"""


def words_on(page: Page) -> str:
    """Every text of the page, that of our own parts too: those stand in shadow trees, which Playwright's texts of a page leave out."""
    words: str = page.evaluate(_WORDS)
    return words


def history(page: Page) -> list[str]:
    """The sentences of the history of the document that stands on the page, oldest first."""
    page.locator(SETTLED).wait_for()
    page.get_by_test_id("stExpander").get_by_text("History", exact=True).click()
    sentences = page.locator("[class*=st-key-reading_history] dl.history dd")
    expect(sentences.first).to_be_visible()
    # What stands below is pushed down while it opens: nobody could press it.
    page.evaluate(STILL)
    return sentences.all_inner_texts()


class Looks:
    """Collects what is wrong on every page looked at, so that one run tells all of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._axe = Axe()

    def at(
        self, page: Page, name: str, sizes: tuple[tuple[int, int], ...] = (DESKTOP, PHONE), only: str | None = None
    ) -> None:
        """Look at the page, and whatever dialog is open on it, at both widths, or at some; or `only` at a part of it."""
        before = page.viewport_size
        for size in sizes:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if page.locator("[data-testid=stApp]").count():
                expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
                page.locator(SETTLED).wait_for()
            # Colours and places are judged as they stand at the end of their movement.
            page.evaluate(STILL)
            self._look(page, f"{name} at {size[0]} px", only)
            if os.environ.get("CTS_TEST_PICTURES"):
                screenshot(page, f"look-{name}")
        if before:
            page.set_viewport_size(before)

    def _look(self, page: Page, where: str, only: str | None) -> None:
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(self._axe.axe_script)
        looked = page.evaluate("([part, rules]) => axe.run(part ?? document, rules)", [only, WCAG_21_AA])
        for violation in looked["violations"]:
            for node in violation["nodes"]:
                self.found.append(f"{where}: {violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.found.append(f"{where}: the page is wider than the screen")

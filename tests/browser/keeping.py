"""What the server has kept of what was typed, as another tab shows it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import TRIES, question


def in_another_tab(page: Page, label: str, text: str) -> Page:
    """Another tab at the same address, which shows this text as the answer to the question `label`."""
    return kept_at(page.url, page.context.new_page(), lambda other: question(other, label), text)


def kept_at(url: str, page: Page, field: Callable[[Page], Locator], text: str) -> Page:
    """What was typed is saved soon after a pause or a closed tab, when depends on the machine: `url` is loaded until it shows it."""
    for _ in range(TRIES):
        page.goto(url)
        try:
            expect(field(page)).to_have_value(text, timeout=3_000)
            return page
        except AssertionError:
            continue
    expect(field(page)).to_have_value(text)
    return page

"""What the server has kept of what was typed, as another tab shows it."""

from playwright.sync_api import Page, expect

from tests.browser.people import TRIES, question


def in_another_tab(page: Page, label: str, text: str) -> Page:
    """What was typed is saved soon after a pause, when depends on the machine: another tab is loaded until it shows it."""
    other = page.context.new_page()
    for _ in range(TRIES):
        other.goto(page.url)
        try:
            expect(question(other, label)).to_have_value(text, timeout=3_000)
            return other
        except AssertionError:
            continue
    expect(question(other, label)).to_have_value(text)
    return other

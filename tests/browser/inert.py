"""Text that would like to be more than text, and the look whether it became so."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from cts.domain.fields import ROW_ID, Field, FormSpec, Kind

WISHFUL = (
    "![x](http://outside.example/x.gif) <img src=http://outside.example/y.gif onerror=window.ran=1>"
    "[here](http://outside.example) **b** :material/home: $x^2$ <script>window.ran=1</script>"
)
"""Markdown, HTML and a formula, short enough for a line of text."""

_TYPED = {Kind.TEXT, Kind.LONG_TEXT}


def expect_inert(page: Page) -> None:
    """Nothing of what was typed became an image, a link, a heading or a script. (new_page sees every request to outside.)"""
    assert page.locator("a[href*='outside.example'], img[src*='outside.example'], a[href*='HYPERLINK']").count() == 0
    assert page.get_by_role("heading", name="Not a heading").count() == 0
    assert page.evaluate("window.ran === undefined") and page.locator(".katex").count() == 0


def wishful(spec: FormSpec, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The same answers with WISHFUL in every field, cell and alert that takes a text."""
    fields = {field.key: field for field in spec.fields()}
    missing = {key: WISHFUL for key, field in fields.items() if field.kind in _TYPED}
    return missing | {key: _taken(fields[key], answer) for key, answer in answers.items()}


def _taken(field: Field, answer: Any) -> Any:
    if field.kind in _TYPED:
        return WISHFUL
    if field.kind is Kind.ALERTS:
        return dict.fromkeys(answer, WISHFUL)
    if field.kind is Kind.ROWS:
        columns = {column.key for column in field.columns if column.kind in _TYPED}
        return [{ROW_ID: row[ROW_ID]} | row | dict.fromkeys(columns & row.keys(), WISHFUL) for row in answer]
    return answer

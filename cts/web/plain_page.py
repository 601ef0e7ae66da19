"""What our plain HTML pages share: their frame, their policy, reading a small form."""

import html
from collections.abc import Mapping
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse

from cts.web.headers import PLAIN_POLICY

NO_PAGE = "There is no such page."
TOO_LARGE = "This form is too large."
_LARGEST_FORM = 8_192
_TEMPLATES = {
    path.stem: Template(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parent / "templates").glob("*.html")
}


def plain_page(
    title: str, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **filled: str
) -> HTMLResponse:
    """A page of cts/web/templates inside the frame. What is `filled` in must be escaped already."""
    content = _TEMPLATES[template].substitute(filled)
    page = _TEMPLATES["frame"].substitute(title=f"{title} – CSEC Tracking System", content=content)
    return HTMLResponse(page, status, {"Content-Security-Policy": PLAIN_POLICY, **(headers or {})})


def sorry_page(
    sentence: str, status: int, heading: str = "Not found", headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """What there is not, or not now, and the way home."""
    return plain_page(
        heading, "sorry", status, headers, heading=html.escape(heading), message=f"<p>{html.escape(sentence)}</p>"
    )


def part(template: str, **filled: str) -> str:
    """A piece of a page. What is `filled` in must be escaped already."""
    return _TEMPLATES[template].substitute(filled).strip()


def message(error: str = "", notice: str = "") -> str:
    """What was refused, or done, above a form; '' for neither."""
    if error:
        return f'<div class="error" role="alert" id="problem"><p>{html.escape(error)}</p></div>'
    if notice:
        return f'<div class="notice" role="status"><p>{html.escape(notice)}</p></div>'
    return ""


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a small form; None when it is larger than one of ours can be."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_FORM:
                return None
    except ClientDisconnect:
        return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10, errors="replace")
    return {name: values[0] for name, values in fields.items()}


def address_of(request: Request) -> str:
    """The network address of the caller, for counting."""
    return request.client.host if request.client else ""

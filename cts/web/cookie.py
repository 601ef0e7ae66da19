"""The sign-in cookies: set by the server, out of reach of scripts, sent to this host only."""

from http.cookies import CookieError, SimpleCookie

from starlette.responses import Response

# The prefix makes browsers insist on Secure, Path=/ and no Domain. Chromium and Firefox keep it on http://localhost too.
NAME = "__Host-cts"
COUNTY = "__Host-cts-county"
"""Held only on the way to the County's sign-in page and back."""

WAITING = "__Host-cts-code"
"""Of a sign-in that waits for its second factor. It opens nothing: the gate does not know it."""

_LONGEST = {NAME: 100, WAITING: 100, COUNTY: 2000}


def set_cookie(response: Response, value: str, name: str = NAME, seconds: int | None = None) -> None:
    """Give the browser its session. It goes when the browser is closed, or after `seconds`; the server ends it sooner."""
    response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="lax", max_age=seconds)


def drop_cookie(response: Response, name: str = NAME) -> None:
    """Tell the browser to forget it."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def cookie_value(headers: list[tuple[bytes, bytes]], wanted: str = NAME) -> str:
    """The cookie's value among raw ASGI headers, or an empty text. Of two with this name (one planted) neither is taken."""
    found: list[str] = []
    for name, text in headers:
        if name == b"cookie":
            found += [part for part in text.decode("latin-1").split(";") if part.strip().startswith(wanted + "=")]
    if len(found) != 1 or len(found[0]) > _LONGEST[wanted] + len(wanted) + 2:
        return ""
    try:
        morsel = SimpleCookie(found[0].strip()).get(wanted)
    except CookieError:
        return ""
    return morsel.value if morsel else ""

"""The addresses CTS answers under. Whatever is not listed here is not found."""

import re
from urllib.parse import urlsplit

# Address of every page of the menu and every page a link leads to: the url_path given to st.Page, "" for the home page.
# A test compares the two. Pages that only some roles have are listed too; the page itself refuses the others.
PAGES = frozenset(
    {
        "",
        "assignment",
        "load-extract",
        "email-log",
        "access-log",
        "places",
        "health",
        "retention",
        "restoration-funds",
        "accounts",
        "account",
    }
)

# What the page Account posts to.
OF_ACCOUNT = frozenset({"/account/county"})

# Our own routes that a link may name, besides pages.
LINKED = (
    re.compile(r"/documents/\d{1,12}(/[a-z]{4,12}/\d{1,4})?/pdf"),
    re.compile(r"/records/\d{1,12}/pdf"),
    re.compile(r"/files/[0-9a-f]{32}"),
    re.compile(r"/certificates/\d{1,12}/pdf"),
    re.compile(r"/exports/[A-Za-z0-9_-]{43}/(xlsx|pdf)"),
    re.compile(r"/extracts/(\d{1,12}|uploads/[0-9a-f]{32})/refused"),
)

# Where a page that is being closed sends what was typed last.
DRAFTS = re.compile(r"/drafts/\d{1,12}(/[a-z]{4,12}/\d{1,4})?")

# What a page of the browser asks for without a person having done anything: not activity.
ASSETS = "/assets/"
STREAMLIT_FILES = "/static/"
STREAM = "/_stcore/stream"
SESSION_CHECK = "/session"
QUIET = frozenset({"/_stcore/health", "/_stcore/host-config", SESSION_CHECK, STREAM})
UPLOADS = "/_stcore/upload_file/"
MEDIA = "/media/"

# Answered without a session; nothing else is. The pages of the second factor ask by themselves for a session, or for a sign-in that waits
# for its code.
SECOND_FACTOR = frozenset({"/login/code", "/second-factor", "/second-factor/codes", "/second-factor/give-up"})
PASSPHRASE = frozenset({"/passphrase", "/passphrase/forgotten"})
COUNTY = frozenset({"/login/county", "/login/county/back"})
ANONYMOUS = SECOND_FACTOR | PASSPHRASE | COUNTY | {"/login", "/logout", "/healthz", SESSION_CHECK}
# Where a form of ours is posted to; nothing else takes a POST but drafts and uploads.
POSTED = SECOND_FACTOR | PASSPHRASE | OF_ACCOUNT | {"/login", "/logout"}
ANONYMOUS_ASSETS = frozenset({"/assets/sign_in.css", "/assets/logo.svg", "/assets/favicon.png"})

_LONGEST_QUERY = 500


def is_page(path: str) -> bool:
    """Whether a request path is the address of a page."""
    return path.startswith("/") and path[1:] in PAGES


def is_anonymous(path: str) -> bool:
    """Whether a path is answered to anybody."""
    return path in ANONYMOUS or path in ANONYMOUS_ASSETS


def safe_next(wanted: str) -> str:
    """The address to go to after sign-in: one of our own pages with its query, else "/". Never another site.

    The path must be one of the list, letter for letter, so no trick with slashes, schemes or user names gets through.
    """
    if len(wanted) > _LONGEST_QUERY or not re.fullmatch(r"[\x21-\x7e]+", wanted) or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or wanted.startswith("//"):
        return "/"
    if not is_page(parts.path) and not any(linked.fullmatch(parts.path) for linked in LINKED):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")

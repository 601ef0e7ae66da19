"""The page in which Streamlit runs: its own index.html, with our title, icon, style and script, made once at start."""

import base64
import hashlib
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from streamlit.file_util import get_static_dir

TITLE = "CSEC Tracking System"
_NO_SCRIPT = "<noscript><p>CTS needs JavaScript. Switch it on in your browser's settings, then load this page again.</p></noscript>"
# Without it Streamlit's script looks for its server below the page's own address first: /record/_stcore/health.
_HEAD = f"""<title>{TITLE}</title>
    <script>window.__streamlit = {{ BACKEND_BASE_URL: window.location.origin }}</script>"""
# What draws most pages: fetched beside Streamlit's own scripts, not after them when the first of it is to be drawn.
DRAWING = ("together", "table", "line", "ways", "reading", "record_head", "search")
_OURS = f"""<link rel="icon" type="image/png" href="/assets/favicon.png" />
    <link rel="stylesheet" href="/assets/cts.css" />
    <script src="/assets/cts.js" defer></script>
    {"".join(f'<link rel="modulepreload" href="/assets/{name}.js" />' for name in DRAWING)}
  </head>"""


class UnknownPage(Exception):
    """Streamlit's index.html is not the one this version of CTS knows how to change."""


@dataclass(frozen=True)
class IndexPage:
    """The changed page and the hashes of its inline scripts, for the content policy."""

    html: str
    script_hashes: tuple[str, ...]

    async def serve(self, _request: Request) -> Response:
        """The page; which of the app's pages it shows is decided in the browser and by the script."""
        return HTMLResponse(self.html)


def make_index_page() -> IndexPage:
    """Read Streamlit's page and make it ours. Raises UnknownPage when an upgrade changed what is replaced."""
    with open(f"{get_static_dir()}/index.html", encoding="utf-8") as file:  # noqa: PTH123 -- a path from Streamlit
        html = file.read()
    for pattern, ours in (
        (r"<!--.*?-->", ""),
        (r"<title>.*?</title>", _HEAD),
        (r'<link rel="shortcut icon"[^>]*>', ""),
        (r'<link rel="service-desc"[^>]*>', ""),
        (r"<noscript>.*?</noscript>", _NO_SCRIPT),
        (r"</head>", _OURS),
    ):
        html, found = re.subn(pattern, ours.replace("\\", r"\\"), html, flags=re.DOTALL)
        if not found:
            raise UnknownPage(f"Streamlit's index.html has no {pattern}; cts/web/index_page.py must be looked at.")
    return IndexPage(
        html.strip(), tuple(_hash(script) for script in re.findall(r"<script>(.*?)</script>", html, re.DOTALL))
    )


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

"""What somebody who is not signed in gets: the sign-in page, the health check, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from cts.web.paths import ANONYMOUS_ASSETS, PAGES
from tests.parts.cts_server import PROJECT
from tests.web.site import Site, start_site, stranger

INDEX_MARK = 'id="root"'


@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.parametrize("cookie", ["", "x", stranger()], ids=["none", "nonsense", "unknown"])
def test_every_page_leads_to_sign_in(site: Site, page: str, cookie: str) -> None:
    status, headers, body = site.ask("GET", f"/{page}", cookie)
    assert (status, INDEX_MARK in body) == (303, False)
    assert headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/static/js/index.js", 401),
        ("/assets/cts.js", 401),
        ("/assets/cts.css", 401),
        ("/session", 401),
        ("/_stcore/health", 401),
        ("/_stcore/host-config", 401),
        ("/_stcore/upload_file/a/b", 401),
        ("/media/0123.pdf", 401),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/agent/interact", 404),
        ("/_stcore/agent/mcp", 404),
        ("/_stcore/script-health-check", 404),
        ("/_stcore/bidi-components/x", 404),
        ("/component/x/index.html", 404),
        ("/auth/login", 404),
        ("/auth/logout", 404),
        ("/oauth2callback", 404),
        ("/.git/config", 404),
        ("/var/cts.sqlite", 404),
        ("/app/static/x", 404),
        ("/index.html", 404),
        ("/assignment/", 404),
        ("//assignment", 404),
        ("/login/../assignment", 404),
        ("/static/../../app.py", 404),
        ("/assets/..%2f..%2fapp.py", 404),
        ("/documents/1/pdf", 303),
    ],
)
def test_other_addresses_answer_nothing(site: Site, path: str, expected: int) -> None:
    status, _, body = site.ask("GET", path)
    assert (status, INDEX_MARK in body) == (expected, False)


@pytest.mark.parametrize("path", ["/login", "/healthz", *sorted(ANONYMOUS_ASSETS)])
def test_what_answers_to_anybody(site: Site, path: str) -> None:
    assert site.ask("GET", path)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/", "/assignment", "/_stcore/upload_file/a/b", "/_stcore/agent/interact", "/media/x"]
)
def test_nothing_is_changed_anonymously(site: Site, method: str, path: str) -> None:
    assert site.ask(method, path, headers={"Origin": site.base_url})[0] in {401, 404}


@pytest.mark.parametrize("cookie", ["", stranger()], ids=["none", "unknown"])
def test_a_websocket_without_a_session_is_refused(site: Site, cookie: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        site.socket(cookie)
    assert refused.value.response.status_code == 403


def test_signed_in_unknown_addresses_are_not_found(site: Site) -> None:
    cookie = site.sign_in("ana")
    for path in (
        "/.git/config",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/auth/login",
        "/nothing",
        "/assignment/x",
    ):
        assert site.ask("GET", path, cookie)[0] == 404
    assert site.ask("GET", "/assets/..%2f..%2fapp.py", cookie)[0] == 404
    status, _, body = site.ask("GET", "/assignment", cookie)
    assert (status, INDEX_MARK in body) == (200, True)


def test_the_page_is_ours(site: Site) -> None:
    body = site.ask("GET", "/", site.sign_in("ana"))[2]
    assert "<title>CSEC Tracking System</title>" in body
    assert "Streamlit</title>" not in body
    assert "openapi.json" not in body
    assert "service-desc" not in body


def test_a_forged_page_as_the_first_request_after_a_start(tmp_path: Path) -> None:
    """Until one run has reached st.navigation Streamlit itself would run a page file for anybody; the gate comes before."""
    site = start_site(tmp_path)
    try:
        status, headers, body = site.ask("GET", "/load-extract", headers={"X-Cts-Session": "0" * 64})
        assert (status, headers["location"], INDEX_MARK in body) == (303, "/login?next=%2Fload-extract", False)
        with pytest.raises(InvalidStatus):
            site.socket("", **{"X-Cts-Session": "0" * 64})
    finally:
        site.cts.stop()


def test_healthz_tells_when_the_database_is_gone(tmp_path: Path) -> None:
    site = start_site(tmp_path)
    try:
        assert site.ask("GET", "/healthz")[::2] == (200, "ok")
        file = tmp_path / "cts.sqlite"
        file.rename(tmp_path / "away.sqlite")
        assert site.ask("GET", "/healthz")[0] == 503
        (tmp_path / "away.sqlite").rename(file)
        assert site.ask("GET", "/healthz")[0] == 200
    finally:
        site.cts.stop()


@pytest.mark.parametrize("command", [["-m", "cts", "serve"], ["-m", "uvicorn", "app:app"]], ids=["serve", "uvicorn"])
def test_refuses_to_start_from_another_folder(tmp_path: Path, command: list[str]) -> None:
    """There Streamlit would ignore .streamlit/config.toml: full error texts, telemetry, no trusted header."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CTS_", "STREAMLIT_"))}
    ended = subprocess.run(
        [sys.executable, *command, "--port", "0"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(PROJECT), "CTS_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert "CTS does not start" in ended.stderr
    assert "showErrorDetails" in ended.stderr

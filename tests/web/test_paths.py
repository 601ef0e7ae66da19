"""Deep links survive sign-in; nothing leads to another site."""

import re
from urllib.parse import quote

import pytest
from starlette.routing import Route

from cts.settings import PROJECT
from cts.web import paths
from cts.web.index_page import make_index_page
from cts.web.paths import PAGES, safe_next
from cts.web.routes import own_routes
from pages.shell.menu import ENTRIES, HOME
from tests.web.site import Site


@pytest.mark.parametrize(
    "link", ["/", "/assignment", "/assignment?id=7", "/assignment?a=1&b=%2F%2Fx", "/documents/12/pdf", "/email-log"]
)
def test_links_of_ours_are_kept(link: str) -> None:
    assert safe_next(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example",
        "https:evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/assignment\\..\\\\evil.example",
        "/%2f/evil.example",
        "/.evil.example",
        "/@evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/assignment\r\nSet-Cookie: a=b",
        "/assignment\t",
        "/assignment /x",
        " //evil.example",
        "/login",
        "/logout",
        "/unknown",
        "assignment",
        "",
        "/assignment?" + "x" * 600,
        "/documents/1/pdf/../../x",
        "/assignmént",
    ],
)
def test_other_links_lead_home(link: str, site: Site) -> None:
    assert safe_next(link) == "/"
    status, headers, _ = site.post_login("ana", site.passwords["ana"], wanted=link)
    assert (status, headers["location"]) == (303, "/")
    assert (
        site.ask("GET", f"/login?next={quote(link)}", headers["set-cookie"].split(";")[0].split("=", 1)[1])[1][
            "location"
        ]
        == "/"
    )


def test_a_deep_link_survives_sign_in(site: Site) -> None:
    _, headers, _ = site.ask("GET", "/assignment?id=7&tab=history")
    assert headers["location"] == "/login?next=%2Fassignment%3Fid%3D7%26tab%3Dhistory"
    page = site.ask("GET", headers["location"])[2]
    assert 'name="next" value="/assignment?id=7&amp;tab=history"' in page
    assert (
        site.post_login("ana", site.passwords["ana"], "/assignment?id=7&tab=history")[1]["location"]
        == "/assignment?id=7&tab=history"
    )


def test_what_was_typed_is_shown_inert(site: Site) -> None:
    status, _, page = site.post_login('"><script>alert(1)</script>', "wrong", '/"><script>')
    assert status == 401
    assert "<script" not in page
    assert 'value="&quot;&gt;&lt;script&gt;' in page


def test_what_takes_a_post_is_listed_for_the_gate() -> None:
    routes = [route for route in own_routes(make_index_page()) if isinstance(route, Route)]
    posted = {
        route.path for route in routes if "POST" in (route.methods or ()) and not route.path.startswith("/drafts/")
    }
    assert posted == paths.POSTED


def test_a_method_nothing_answers_to_shows_no_page(site: Site) -> None:
    """Streamlit would answer any method with its page."""
    headers = {"Origin": site.base_url}
    cookie = site.sign_in("ana")
    for method, path in (
        ("PUT", "/login"),
        ("DELETE", "/account"),
        ("POST", "/"),
        ("POST", "/account"),
        ("PATCH", "/login"),
    ):
        assert site.ask(method, path, cookie, headers)[0] == 405, (method, path)


def test_the_pages_of_the_menu_are_the_pages_the_gate_knows() -> None:
    assert {"" if entry is HOME else entry.url_path for entry in ENTRIES} == PAGES


def test_the_scripts_fetched_early_are_those_that_pages_import(site: Site) -> None:
    early = set(re.findall(r'<link rel="modulepreload" href="(/assets/[a-z_]+[.]js)" />', make_index_page().html))
    parts = "".join(file.read_text("utf-8") for file in (PROJECT / "pages" / "parts").glob("*.py"))
    drawn = {f"/assets/{name}" for name in re.findall(r'component[(]"cts_\w+", "(\w+[.]js)"', parts)}
    drawing = "/assets/together.js"
    assert {"/assets/table.js", drawing} <= early
    assert early - {drawing} <= drawn
    # An address that is written otherwise where it is imported would be fetched twice.
    assert f'import(new URL("{drawing}", document.baseURI).href)' in parts
    assert "import(`/assets/${name}`)" in (PROJECT / "pages" / drawing.lstrip("/")).read_text("utf-8")
    cookie = site.sign_in("ana")
    assert {site.ask("GET", address, cookie)[0] for address in early} == {200}

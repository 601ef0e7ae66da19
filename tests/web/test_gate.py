"""The gate, by HTTP and over Streamlit's own WebSocket protocol."""

from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from tests.parts.ports import wait_until
from tests.web.site import COOKIE, Site, stranger

ENDED = "session has ended"


def ended(texts: list[str]) -> bool:
    return any(ENDED in text for text in texts)


def test_a_click_of_a_live_session_is_heard_and_one_of_an_ended_session_is_not(probe: Site, notes: Path) -> None:
    cookie = probe.sign_in("ana")
    socket = probe.socket(cookie)
    assert socket.run() == ["Signed in as Ana Tester"]
    assert socket.run(click="Note") == ["Signed in as Ana Tester"]
    assert notes.read_text() == "clicked\n"
    probe.sign_out(cookie)
    assert ended(socket.run(click="Note"))
    assert notes.read_text() == "clicked\n"
    socket.close()


def test_every_other_tab_of_an_ended_session_is_dead_too(probe: Site, notes: Path) -> None:
    cookie = probe.sign_in("ana")
    first, second = probe.socket(cookie), probe.socket(cookie)
    first.run()
    second.run()
    first.run(click="Sign out")
    assert ended(second.run(click="Note", auto=True))
    assert notes.read_text() == ""
    assert probe.ask("GET", "/", cookie)[0] == 303
    assert probe.ask("GET", "/session", cookie)[0] == 401
    with pytest.raises(InvalidStatus):
        probe.socket(cookie)


def test_a_stolen_streamlit_session_id_opens_nothing(probe: Site) -> None:
    """Streamlit takes whoever knows this id for the one who began the session; the gate's header is what it compares."""
    owner = probe.sign_in("ana")
    socket = probe.socket(owner)
    socket.run()
    stolen = socket.session_id
    assert stolen
    socket.close()
    with pytest.raises(InvalidStatus):
        probe.socket("", existing=stolen)
    with pytest.raises(InvalidStatus):
        probe.socket(stranger(), existing=stolen)
    thief = probe.socket(probe.sign_in("ben"), existing=stolen)
    assert thief.run() == ["Signed in as Ben Tester"]
    assert thief.session_id != stolen
    thief.close()
    again = probe.socket(owner, existing=stolen)
    again.run()
    assert again.session_id == stolen, "the owner's own reconnect must still find the session"
    again.close()


def test_an_address_that_is_none_is_a_page_of_the_house_with_the_way_home(site: Site) -> None:
    for cookie in ("", site.sign_in("ana")):
        status, headers, body = site.ask("GET", "/nonsense", cookie)
        assert status == 404 and headers["content-type"].startswith("text/html")
        assert "<h1>Not found</h1>" in body and 'href="/">Home</a>' in body and "sign_in.css" in body


@pytest.mark.parametrize("name", ["X-Cts-Session", "x-cts-session", "X_Cts_Session"])
def test_a_header_sent_by_the_browser_is_not_believed(probe: Site, name: str) -> None:
    from cts.services.sessions import hash_of

    others = hash_of(probe.sign_in("ben"))
    with pytest.raises(InvalidStatus):
        probe.socket("", **{name: others})
    socket = probe.socket(probe.sign_in("ana"), **{name: others})
    assert socket.run() == ["Signed in as Ana Tester"]
    socket.close()
    assert probe.ask("GET", "/", headers={name: others})[0] == 303
    assert probe.ask("GET", "/", hash_of(probe.sign_in("ben")))[0] == 303, "the hash in the database is not a cookie"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost"]
)
def test_other_sites_can_neither_post_nor_connect(probe: Site, origin: str) -> None:
    cookie = probe.sign_in("ana")
    assert probe.ask("POST", "/logout", cookie, {"Origin": origin})[0] == 403
    assert probe.ask("POST", "/logout", cookie, {"Origin": probe.base_url, "Sec-Fetch-Site": "cross-site"})[0] == 403
    assert probe.ask("POST", "/logout", cookie)[0] == 403
    assert probe.post_login("ana", probe.passwords["ana"], Origin=origin)[0] == 403
    with pytest.raises(InvalidStatus):
        probe.socket(cookie, origin=origin)
    assert probe.ask("GET", "/session", cookie)[0] == 204, "the session is still there"


def test_another_host_name_is_refused(probe: Site) -> None:
    assert probe.ask("GET", "/login", headers={"Host": "evil.example"})[0] == 400
    assert probe.ask("GET", "/healthz", headers={"Host": "10.0.0.7"})[0] == 200, "a load balancer asks by address"


def test_a_planted_second_cookie_is_not_taken(probe: Site) -> None:
    value = probe.sign_in("ana")
    headers = {"Cookie": f"{COOKIE}={stranger()}; {COOKIE}={value}"}
    assert probe.ask("GET", "/", headers=headers)[0] == 303


def test_messages_for_developers_are_dropped(probe: Site, notes: Path) -> None:
    socket = probe.socket(probe.sign_in("ana"))
    socket.run()
    socket.drain()
    # Streamlit would answer this one, and the one below; the others are silent and looked at in test_frames.
    socket.push(BackMsg(set_run_on_save=True))
    assert socket.answer(0.4) is None
    installing = BackMsg()
    installing.backend_operation_request.session_id = socket.session_id
    installing.backend_operation_request.install_skills.SetInParent()
    socket.push(installing)
    assert socket.answer(0.4) is None
    assert socket.run(click="Note") == ["Signed in as Ana Tester"], "the socket lives on"
    assert notes.read_text() == "clicked\n"
    socket.close()


@pytest.mark.parametrize("data", [b"\xff\xff\xff", "text"])
def test_what_is_no_message_ends_the_connection(probe: Site, data: bytes | str) -> None:
    socket = probe.socket(probe.sign_in("ana"))
    socket.run()
    socket.push_bytes(data)
    assert socket.is_closed()
    assert probe.ask("GET", "/healthz")[0] == 200


def test_an_error_shows_a_reference_and_logs_no_text(probe: Site) -> None:
    socket = probe.socket(probe.sign_in("ana"))
    socket.run()
    socket.run(click="Fail")
    socket.close()
    wait_until(lambda: "Something went wrong (ref " in probe.cts.log_tail(), 10, probe.cts.log_tail)
    log = probe.cts.log_tail(100_000)
    assert "ValueError at probe_script.py:" in log
    assert "Canary" not in log


def test_the_session_ends_when_the_account_ends(probe: Site, notes: Path) -> None:
    """By another process: every server asks the database."""
    from tests.web.site import add_account

    probe.passwords["cleo"] = add_account(probe.cts, "cleo", "Cleo Tester")
    socket = probe.socket(probe.sign_in("cleo"))
    socket.run()
    assert probe.cts.run_command("account", "end", "cleo").returncode == 0
    assert ended(socket.run(click="Note"))
    assert notes.read_text() == ""
    assert probe.post_login("cleo", probe.passwords["cleo"])[0] == 401
    socket.close()

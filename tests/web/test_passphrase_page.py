"""The pages behind a link by e-mail: open without a session, changed by nobody's look, closed to other sites."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.parts.ports import wait_until
from tests.web.site import Site, start_site

NEW = "a kettle sings on the porch"


@pytest.fixture(scope="module")
def inviting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("inviting"))
    yield started
    started.cts.stop()


def mails(site: Site, template_subject: str) -> list[EmailMessage]:
    found = []
    for file in sorted((site.cts.var_dir / "mail").glob("*.eml")):
        message = message_from_bytes(Path(file).read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if template_subject in message["Subject"]:
            found.append(message)
    return found


def newest_link(site: Site, subject: str, count: int = 1) -> str:
    """The secret in the newest e-mail of this subject, once there are so many."""
    wait_until(lambda: len(mails(site, subject)) >= count, 30, lambda: "no such e-mail arrived")
    match = re.search(r"/passphrase\?link=(\S+)", mails(site, subject)[-1].get_content())
    assert match
    return match[1]


def post(site: Site, path: str, **fields: str) -> tuple[int, dict[str, str], str]:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.base_url}
    return site.ask("POST", path, headers=kind, body=urlencode(fields, quote_via=quote))


def test_an_invited_person_comes_in_by_the_link_and_no_other_way(inviting: Site) -> None:
    invited = inviting.cts.run_command(
        *("account", "invite", "ida", "--name", "Ida <b>Tester</b>", "--role", "CSEC Administration"),
        *("--email", "ida@cts.example"),
    )
    assert invited.returncode == 0, invited.stderr
    link = newest_link(inviting, "choose your passphrase")
    for _ in range(3):
        status, headers, body = inviting.ask("GET", f"/passphrase?link={link}")
        assert (status, headers["referrer-policy"], headers["cache-control"]) == (200, "strict-origin", "no-store")
        assert "Ida &lt;b&gt;Tester&lt;/b&gt;" in body and "set-cookie" not in headers
    elsewhere = inviting.ask("POST", "/passphrase", headers={"Origin": "https://evil.example"}, body=f"link={link}")
    assert elsewhere[0] == 403
    assert post(inviting, "/passphrase", link=link, passphrase=NEW, again=NEW + "x")[0] == 400
    status, _, body = post(
        inviting, "/passphrase", link=link, passphrase="ida tester ida tester", again="ida tester ida tester"
    )
    assert (status, "made of your name" in body) == (400, True)
    status, headers, _ = post(inviting, "/passphrase", link=link, passphrase=NEW, again=NEW)
    assert (status, headers["location"]) == (303, "/login?set=1")
    assert "set-cookie" not in headers, "a link signs nobody in"
    assert inviting.post_login("ida", NEW)[0] == 303
    assert inviting.ask("GET", f"/passphrase?link={link}")[0] == 410
    assert post(inviting, "/passphrase", link=link, passphrase=NEW + "!", again=NEW + "!")[0] == 410
    assert link not in inviting.cts.log_file.read_text()
    assert link.encode() not in (inviting.cts.var_dir / "cts.sqlite").read_bytes()


def test_forgotten_answers_everybody_alike(inviting: Site) -> None:
    answers = {post(inviting, "/passphrase/forgotten", user_name=name)[2] for name in ("ana", "nobody", "", "<b>")}
    assert len(answers) == 1
    link = newest_link(inviting, "choose a new passphrase")
    assert len(mails(inviting, "choose a new passphrase")) == 1
    before = inviting.sign_in("ana")
    assert post(inviting, "/passphrase", link=link, passphrase=NEW, again=NEW)[0] == 303
    assert inviting.ask("GET", "/", before)[0] == 303, "a session of before the reset is dead"
    assert inviting.post_login("ana", inviting.passwords["ana"])[0] == 401
    assert inviting.post_login("ana", NEW)[0] == 303


def test_the_server_itself_sends_links_and_helps_whoever_is_locked_out(inviting: Site) -> None:
    sent = inviting.cts.run_command("account", "link", "ben")
    assert (sent.returncode, sent.stdout) == (0, "The e-mail with the link is owed to ben.\n")
    for verb, said in (("lost-phone", "This account has no second factor."), ("unlock", "Unlocked: ben.")):
        done = inviting.cts.run_command("account", verb, "ben")
        assert said in done.stdout + done.stderr
    assert inviting.cts.run_command("account", "unlock", "nobody").returncode == 1


@pytest.mark.parametrize("path", ["/passphrase", "/passphrase?link=x", "/passphrase?link=" + "x" * 3000])
def test_a_link_that_is_none_says_what_to_do(inviting: Site, path: str) -> None:
    status, _, body = inviting.ask("GET", path)
    assert (status, "/passphrase/forgotten" in body) == (410, True)


def test_a_form_that_is_too_large_is_not_read(inviting: Site) -> None:
    for path in ("/passphrase", "/passphrase/forgotten"):
        assert post(inviting, path, link="x" * 20_000)[0] == 413

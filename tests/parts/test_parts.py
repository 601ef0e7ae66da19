"""The parts do what the tests believe of them: a part that accepts everything would prove nothing."""

import http.server
import re
import smtplib
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, text

from tests.parts.chromium import PHONE, NewPage, screenshot
from tests.parts.mail_server import SmtpServer
from tests.parts.postgres import PostgresServer


def send(server: SmtpServer, to: str = "worker@county.example", password: str = "") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "cts@county.example", to, "Assignment 10001 – waits"
    message.set_content("Please look at it: é ễ\n")
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(server.ca_file)))
        client.login(server.user, password or server.password)
        client.send_message(message)


def test_mail_server_keeps_what_a_signed_in_client_sends_over_tls(smtp_server: SmtpServer) -> None:
    send(smtp_server)
    mail = smtp_server.wait_for(1, to="worker@county.example")[0]
    assert (mail.subject, mail.text) == ("Assignment 10001 – waits", "Please look at it: é ễ\n")


def test_mail_server_refuses_plain_text_and_wrong_passwords(smtp_server: SmtpServer) -> None:
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        client.ehlo()
        assert client.mail("cts@county.example")[0] == 530
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(smtp_server, password="wrong")


def test_mail_server_refuses_whom_it_is_told_to_and_can_go_away(smtp_server: SmtpServer) -> None:
    smtp_server.refuse("550 No such mailbox", "gone@county.example")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp_server, to="gone@county.example")
    smtp_server.accept_all()
    smtp_server.stop()
    with pytest.raises(OSError, match="refused"):
        send(smtp_server)
    smtp_server.start()
    smtp_server.clear()
    send(smtp_server)
    assert len(smtp_server.wait_for(1)) == 1


def test_each_test_has_a_migrated_database_of_its_own(database: Engine) -> None:
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM assignment")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


@pytest.mark.postgres
def test_postgres_survives_losing_power(postgres_server: PostgresServer, postgres_url: str) -> None:
    import psycopg

    address = postgres_url.replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (1)")
    postgres_server.kill()
    postgres_server.start()
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]


PAGES = {
    "/": "<!doctype html><title>Fine</title><p>Fine</p>",
    "/error": "<!doctype html><script>console.error('spilled')</script>",
    "/throws": "<!doctype html><script>throw new Error('broken')</script>",
    "/outside": "<!doctype html><img src='http://outside.example/tracker.gif' alt=''>",
}


@pytest.fixture(scope="module")
def small_site() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGES.get(self.path)
            self.send_response(200 if page else 404)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: object) -> None:
            """Nothing to log."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "complaint"),
    [("/error", "spilled"), ("/throws", "broken"), ("/outside", r"outside host: http://outside\.example")],
)
def test_watch_sees_what_no_page_may_do(new_page: NewPage, small_site: str, path: str, complaint: str) -> None:
    page = new_page()
    page.goto(small_site + path)
    page.wait_for_timeout(300)
    assert re.search(complaint, "\n".join(new_page.complaints()))
    for watch in new_page.watches:
        watch.forget()


@pytest.mark.browser
def test_a_page_that_behaves_is_not_complained_of_and_can_be_pictured(new_page: NewPage, small_site: str) -> None:
    page = new_page(size=PHONE, base_url=small_site, allowed=("status of 404",))
    page.goto("/")
    assert page.title() == "Fine"
    path = screenshot(page, "parts-fine")
    assert path.name == "parts-fine-390.png"
    assert path.read_bytes()[:4] == b"\x89PNG"
    path.unlink()

"""A real SMTP server on loopback, with STARTTLS and a login, that keeps what it receives and refuses what it is told to."""

import datetime
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.parts.ports import free_port

USER, PASSWORD = "cts-mail", "a password with spaces & signs %40"


@dataclass(frozen=True)
class ReceivedMail:
    """One message as the server took it: envelope and parsed content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain-text body, decoded, lines ending as in Python."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


class SmtpServer:
    """The server. `host`, `port`, `user`, `password`, `ca_file` are what a client needs."""

    host = "localhost"
    user = USER
    password = PASSWORD

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.ca_file = folder / "smtp.crt"
        self._key_file = folder / "smtp.key"
        make_certificate(self.ca_file, self._key_file)
        self._received: list[ReceivedMail] = []
        self._arrived = threading.Condition()
        self._refusals: dict[str, str] = {}
        self._controller: Controller | None = None

    def start(self) -> None:
        """Listen (again) on the same port."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca_file, self._key_file)
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=self._check_login,
        )
        self._controller.start()

    def stop(self) -> None:
        """Stop listening: from now on connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def refuse(self, answer: str, recipient: str = "*") -> None:
        """Answer so (e.g. "451 Try later", "550 No such mailbox") for this recipient, or for all."""
        self._refusals[recipient] = answer

    def accept_all(self) -> None:
        """Forget every refusal."""
        self._refusals.clear()

    @property
    def received(self) -> list[ReceivedMail]:
        """All messages so far, in the order of arrival."""
        with self._arrived:
            return list(self._received)

    def clear(self) -> None:
        """Forget the messages so far."""
        with self._arrived:
            self._received.clear()

    def wait_for(self, count: int, to: str = "", seconds: float = 20) -> list[ReceivedMail]:
        """Wait until at least `count` messages (to that recipient) have arrived and return them. Raises TimeoutError."""

        def matching() -> list[ReceivedMail]:
            return [mail for mail in self._received if not to or to in mail.recipients]

        with self._arrived:
            if not self._arrived.wait_for(lambda: len(matching()) >= count, timeout=seconds):
                subjects = [(mail.recipients, mail.subject) for mail in self._received]
                raise TimeoutError(
                    f"{len(matching())} of {count} messages to {to or 'anybody'} arrived; all: {subjects}"
                )
            return matching()

    def settings(self) -> dict[str, str]:
        """The environment with which CTS sends to this server."""
        return {
            "CTS_SMTP_HOST": self.host,
            "CTS_SMTP_PORT": str(self.port),
            "CTS_SMTP_STARTTLS": "true",
            "CTS_SMTP_USER": self.user,
            "CTS_SMTP_PASSWORD": self.password,
            "CTS_SMTP_CA_FILE": str(self.ca_file),
        }

    def _check_login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        """Called by aiosmtpd for each recipient."""
        refusal = self._refusals.get(address) or self._refusals.get("*")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each message."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._arrived:
            self._received.append(ReceivedMail(envelope.mail_from, tuple(envelope.rcpt_tos), message))
            self._arrived.notify_all()
        return "250 OK"


def make_certificate(certificate_file: Path, key_file: Path) -> None:
    """Write a self-made certificate for localhost that also serves as its own authority, good for two days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    usage |= dict.fromkeys(("crl_sign", "encipher_only", "decipher_only"), False)
    alternative_names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternative_names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    key_file.chmod(0o600)


@pytest.fixture(scope="module")
def smtp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """A mail server for the tests of one file."""
    server = SmtpServer(tmp_path_factory.mktemp("smtp"))
    server.start()
    yield server
    server.stop()

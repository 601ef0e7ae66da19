"""What a County Login's answer must hold: each thing an attacker could change is changed, against an issuer on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cts.outside import county_identity
from cts.outside.county_identity import Attempt, NoCountyLogin, identity, new_attempt, sign_in_address
from cts.settings import settings

BACK = "http://localhost/login/county/back"
OURS, FOREIGN = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer(ThreadingHTTPServer):
    """Serves its discovery document and key, and as token whatever the test puts into `token`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.token: object = ""
        self.asked: list[dict[str, list[str]]] = []
        self.discovery: dict[str, Any] = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/sign-in",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def answer_to(self, path: str, body: str) -> object:
        if path == "/token":
            self.asked.append(parse_qs(body))
            return {"id_token": self.token, "token_type": "Bearer", "access_token": "x"}
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key())) | {"kid": "one", "use": "sig"}
        return {"keys": [key]} if path == "/keys" else self.discovery


class _Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = json.dumps(self.server.answer_to(self.path, body)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_POST = do_GET  # noqa: N815 -- the standard library calls it so

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    served = Issuer()
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    chosen = replace(
        settings(), oidc_issuer=served.address, oidc_client_id="cts", oidc_client_secret="shared with the issuer"
    )
    monkeypatch.setattr(county_identity, "settings", lambda: chosen)
    monkeypatch.setattr(county_identity, "_known", {})
    yield served
    served.shutdown()
    served.server_close()


def signed(
    issuer: Issuer, attempt: Attempt, key: Any = OURS, algorithm: str = "RS256", kid: str = "one", **other: Any
) -> str:
    now = datetime.now(UTC)
    claims = {"iss": issuer.address, "aud": "cts", "sub": "c-1007", "nonce": attempt.nonce, "iat": now}
    claims |= {"auth_time": int(now.timestamp())}
    claims |= {"exp": now + timedelta(minutes=5), "amr": ["pwd", "mfa"], **other}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm, headers={"kid": kid})


def test_a_right_answer_names_the_person_and_how_it_was_checked(issuer: Issuer) -> None:
    attempt = new_attempt()
    asked = parse_qs(urlsplit(sign_in_address(attempt, BACK)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"] == [attempt.state]
    assert attempt.verifier not in str(asked)
    issuer.token = signed(issuer, attempt)
    found = identity(attempt, attempt.state, "a code", BACK)
    assert (found.issuer, found.subject, found.methods) == (issuer.address, "c-1007", ("pwd", "mfa"))
    assert issuer.asked[0]["code_verifier"] == [attempt.verifier]
    assert issuer.asked[0]["redirect_uri"] == [BACK]


ATTACKS: dict[str, Callable[[Issuer, Attempt], object]] = {
    "another issuer": lambda issuer, mine: signed(issuer, mine, iss="https://elsewhere.example"),
    "for another application": lambda issuer, mine: signed(issuer, mine, aud="payroll"),
    "for another application too": lambda issuer, mine: signed(issuer, mine, aud=["cts", "payroll"], azp="payroll"),
    "of another attempt": lambda issuer, mine: signed(issuer, mine, nonce=new_attempt().nonce),
    "without nonce": lambda issuer, mine: signed(issuer, mine, nonce=None),
    "too old": lambda issuer, mine: signed(issuer, mine, exp=datetime.now(UTC) - timedelta(minutes=5)),
    "without end": lambda issuer, mine: signed(issuer, mine, exp=None),
    "of tomorrow": lambda issuer, mine: signed(issuer, mine, iat=datetime.now(UTC) + timedelta(days=1)),
    "of somebody who signed in yesterday": lambda issuer, mine: signed(
        issuer, mine, auth_time=int(time.time()) - 24 * 3600
    ),
    "that does not say when": lambda issuer, mine: signed(issuer, mine, auth_time=None),
    "of nobody": lambda issuer, mine: signed(issuer, mine, sub=None),
    "of somebody with an endless name": lambda issuer, mine: signed(issuer, mine, sub="x" * 300),
    "signed by another key": lambda issuer, mine: signed(issuer, mine, key=FOREIGN),
    "with an unknown key": lambda issuer, mine: signed(issuer, mine, kid="two"),
    "not signed": lambda issuer, mine: signed(issuer, mine, key=None, algorithm="none"),
    "signed with the shared secret": lambda issuer, mine: signed(issuer, mine, "shared with the issuer" * 2, "HS256"),
    "no token": lambda issuer, mine: None,
    "no text": lambda issuer, mine: {"alg": "none"},
    "nonsense": lambda issuer, mine: "a.b.c",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_token_that_is_wrong_in_one_thing_names_nobody(issuer: Issuer, attack: str) -> None:
    attempt = new_attempt()
    issuer.token = ATTACKS[attack](issuer, attempt)
    with pytest.raises(NoCountyLogin) as refused:
        identity(attempt, attempt.state, "a code", BACK)
    assert "c-1007" not in str(refused.value)


def test_an_answer_to_somebody_elses_attempt_is_not_even_asked_about(issuer: Issuer) -> None:
    attempt = new_attempt()
    issuer.token = signed(issuer, attempt)
    with pytest.raises(NoCountyLogin, match="state"):
        identity(attempt, new_attempt().state, "a code", BACK)
    with pytest.raises(NoCountyLogin, match="another provider"):
        identity(attempt, attempt.state, "a code", BACK, "https://elsewhere.example")
    assert issuer.asked == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://elsewhere.example"),
        ("authorization_endpoint", "http://elsewhere.example/sign-in"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", None),
    ],
)
def test_an_issuer_that_names_an_unsafe_address_leads_nowhere(issuer: Issuer, name: str, value: str | None) -> None:
    issuer.discovery[name] = value
    with pytest.raises(NoCountyLogin):
        sign_in_address(new_attempt(), BACK)


def test_an_issuer_that_does_not_answer_is_said_without_an_address(issuer: Issuer) -> None:
    issuer.shutdown()
    issuer.server_close()
    with pytest.raises(NoCountyLogin, match=r"could not be asked \(ConnectionError\)"):
        sign_in_address(new_attempt(), BACK)

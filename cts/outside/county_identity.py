"""County Login: OpenID Connect, authorization code with PKCE. It proves who somebody is to the County; the session is CTS's own.

What a token says beyond that (name, e-mail, groups, its own lifetime) is not used. The provider's addresses and keys are read from the
issuer named in the settings, and from nowhere else.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from cts.settings import settings

SECONDS = 10
"""How long each request to the provider may take."""

LARGEST_ANSWER = 512 * 1024
CLOCK_SECONDS = 60
"""How far the provider's clock may differ from ours."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a private key only: with "none" or a shared secret anybody could sign."""

_DISCOVERY_SECONDS = 600
_LONGEST_SUBJECT = 255
_known: dict[str, tuple[float, dict[str, Any]]] = {}


class NoCountyLogin(Exception):
    """The provider did not prove who this is. `str()` says what went wrong, for the server's log: it holds nothing a token said."""


@dataclass(frozen=True)
class Attempt:
    """What a browser keeps between leaving for the provider and coming back: none of it can be guessed, each is used once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is to the issuer. `methods` are the ways it checked (RFC 8176), such as "pwd" and "mfa"."""

    issuer: str
    subject: str
    methods: tuple[str, ...] = ()


def new_attempt() -> Attempt:
    """Fresh random values."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def sign_in_address(attempt: Attempt, back: str) -> str:
    """Where the browser is sent. `back` is our own address the provider sends it to afterwards. Raises NoCountyLogin."""
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings().oidc_client_id,
        "redirect_uri": back,
        "scope": "openid",
        "max_age": str(_longest_seconds()),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = _provider_address("authorization_endpoint")
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def identity(attempt: Attempt, state: str, code: str, back: str, issuer: str = "") -> Identity:
    """Who came back with this state and code, by a token whose signature, issuer, audience, times and nonce are right.

    `issuer` is who says it sent the browser back, if it says so (RFC 9207). Raises NoCountyLogin.
    """
    if issuer and issuer != settings().oidc_issuer:
        raise NoCountyLogin("The answer comes from another provider than the one that was asked.")
    if not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise NoCountyLogin("The answer belongs to another attempt (state).")
    chosen = settings()
    answer = _ask(
        "POST",
        _provider_address("token_endpoint"),
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        },
        auth=(chosen.oidc_client_id, chosen.oidc_client_secret),
    )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NoCountyLogin("The provider gave no identity token.")
    return _read(token, attempt.nonce)


def _read(token: str, nonce: str) -> Identity:
    chosen = settings()
    try:
        claims = jwt.decode(
            token,
            _signing_key(token),
            algorithms=list(ALGORITHMS),
            audience=chosen.oidc_client_id,
            issuer=chosen.oidc_issuer,
            leeway=CLOCK_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss", "auth_time"], "strict_aud": False},
        )
    except jwt.PyJWTError as error:
        raise NoCountyLogin(f"The identity token is not valid ({type(error).__name__}).") from None
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NoCountyLogin("The identity token belongs to another attempt (nonce).")
    if claims.get("azp", chosen.oidc_client_id) != chosen.oidc_client_id:
        raise NoCountyLogin("The identity token was made for another application.")
    if (
        not isinstance(claims["auth_time"], int)
        or time.time() - claims["auth_time"] > _longest_seconds() + CLOCK_SECONDS
    ):
        raise NoCountyLogin("The person signed in at the provider too long ago.")
    subject, methods = claims["sub"], claims.get("amr", [])
    if not isinstance(subject, str) or not subject or len(subject) > _LONGEST_SUBJECT:
        raise NoCountyLogin("The identity token names nobody.")
    return Identity(chosen.oidc_issuer, subject, tuple(m for m in methods if isinstance(m, str)))


def _longest_seconds() -> int:
    """Who signed in at the County longer ago than a session of CTS may last is asked there again."""
    return settings().session_hours * 3600


def _signing_key(token: str) -> jwt.PyJWK:
    header = jwt.get_unverified_header(token)
    keys = jwt.PyJWKSet.from_dict(_ask("GET", _provider_address("jwks_uri"))).keys
    fitting = [key for key in keys if key.key_id == header.get("kid") and key.public_key_use in {"sig", None}]
    if len(fitting) != 1 or header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidKeyError
    return fitting[0]


def _provider_address(name: str) -> str:
    address = _discovered().get(name)
    if not isinstance(address, str) or not _is_safe(address):
        raise NoCountyLogin(f"The provider names no safe {name}.")
    return address


def _discovered() -> dict[str, Any]:
    issuer = settings().oidc_issuer
    at, found = _known.get(issuer, (0.0, {}))
    if not found or time.monotonic() - at > _DISCOVERY_SECONDS:
        found = _ask("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise NoCountyLogin("The provider says it is another issuer than CTS_OIDC_ISSUER.")
        _known[issuer] = (time.monotonic(), found)
    return found


def _ask(method: str, address: str, **what: Any) -> dict[str, Any]:
    try:
        with requests.Session() as session:
            # No proxy and no password of the machine's environment: only what the settings say.
            session.trust_env = False
            session.verify = settings().oidc_ca_file or True
            answer = session.request(method, address, timeout=SECONDS, allow_redirects=False, stream=True, **what)
            body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
            if answer.status_code != 200 or len(body) > LARGEST_ANSWER:
                raise NoCountyLogin(f"The provider answered {answer.status_code} with {len(body)} bytes.")
            found = json.loads(body)
    except (requests.RequestException, OSError, ValueError) as error:
        raise NoCountyLogin(f"The provider could not be asked ({type(error).__name__}).") from None
    if not isinstance(found, dict):
        raise NoCountyLogin("The provider's answer cannot be read.")
    return found


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (settings().demonstration and parts.hostname in {"localhost", "127.0.0.1"})

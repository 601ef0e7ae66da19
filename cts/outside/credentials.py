"""Passwords: streamlit-authenticator's Hasher, Validator and AuthenticationController behind four plain functions.

Only these three are used. Its cookie, forgotten-password and sign-up functions are unsafe (see docs/security). It keeps results in
Streamlit's session state, so it is run in threads of its own that belong to no page, where nobody reads them; it is imported at first use.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

SHORTEST, LONGEST = 12, 128
PASSWORD_RULES = f"A password has {SHORTEST} to {LONGEST} characters of any kind. Several words make a good one."
_THREADS = "credentials"
# Two at once: a flood of guesses cannot take every processor from the people at work.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix=_THREADS)
_COMPLAINS_OUTSIDE_A_PAGE = (
    "streamlit.runtime.scriptrunner_utils.script_run_context",
    "streamlit.runtime.state.session_state_proxy",
    "streamlit.runtime.caching.cache_data_api",
)


def password_problem(password: str) -> str:
    """What is wrong with a new password, as a sentence, or an empty text."""
    return str(_pool.submit(_problem, password).result())


def hash_password(password: str) -> str:
    """The bcrypt hash to keep of a password of any length."""
    return str(_pool.submit(lambda: _library()["Hasher"].hash(_prepared(password))).result())


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to this hash. Without a hash (no such account, or locked) takes the same time and says no."""
    return bool(_pool.submit(_matches, password, password_hash).result())


def warm_up() -> None:
    """Import the library and make the stand-in hash, so that the first sign-in after a start takes no longer than others."""
    _pool.submit(_stand_in_hash).result()


def _matches(password: str, password_hash: str | None) -> bool:
    library = _library()
    stored = password_hash if password_hash and library["Hasher"].is_hash(password_hash) else _stand_in_hash()
    controller = library["AuthenticationController"](
        credentials={"usernames": {"account": {"password": stored}}},
        validator=library["Validator"](),
        auto_hash=False,
        # Encrypts its two-factor codes, which are not used; the library's own default is a published text.
        secret_key=secrets.token_hex(16),
    )
    found = controller.authentication_model.check_credentials("account", _prepared(password))
    return found is True and stored == password_hash


def _problem(password: str) -> str:
    validator = _library()["Validator"]()
    return "" if validator.validate_password(password) else validator.diagnose_password(password)


def _prepared(password: str) -> str:
    """44 characters that stand for the whole password: bcrypt reads no more than 72 bytes, the library strips spaces.

    The same letters typed on another keyboard (composed or not) are the same password. The label keeps these values apart from plain
    SHA-256 lists of leaked passwords.
    """
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(b"CTS password 1", text, hashlib.sha256)).decode()


@cache
def _stand_in_hash() -> str:
    return str(_library()["Hasher"].hash(secrets.token_hex(16)))


@cache
def _library() -> dict[str, Any]:
    for name in _COMPLAINS_OUTSIDE_A_PAGE:
        logging.getLogger(name).addFilter(_not_from_these_threads)
    from streamlit_authenticator.controllers import AuthenticationController
    from streamlit_authenticator.utilities import Hasher, Validator

    class PassphraseValidator(Validator):
        """Length instead of composition: 12 to 128 characters, any of them, not one character over and over."""

        def validate_password(self, password: str) -> bool:
            """Whether the password may be used."""
            return SHORTEST <= len(password) <= LONGEST and len(set(password)) > 3

        def diagnose_password(self, password: str) -> str:
            """A sentence about a password that may not be used."""
            if SHORTEST <= len(password) <= LONGEST:
                return "This password repeats the same few characters. " + PASSWORD_RULES
            return PASSWORD_RULES

    return {"Hasher": Hasher, "Validator": PassphraseValidator, "AuthenticationController": AuthenticationController}


def _not_from_these_threads(record: logging.LogRecord) -> bool:
    return not (record.threadName or "").startswith(_THREADS)

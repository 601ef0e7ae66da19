"""Passphrases: streamlit-authenticator's Hasher, Validator and AuthenticationController behind four plain functions.

Only these three are used. Its cookie, forgotten-password and sign-up functions are unsafe (see docs/security). It keeps results in
Streamlit's session state, so it is run in threads of its own that belong to no page, where nobody reads them; it is imported at first use.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from cts.outside.guessable import guessable

SHORTEST, SHORTEST_WITH_SECOND_FACTOR, LONGEST = 15, 12, 128
_THREADS = "credentials"
# Two at once: a flood of guesses cannot take every processor from the people at work.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix=_THREADS)
_COMPLAINS_OUTSIDE_A_PAGE = (
    "streamlit.runtime.scriptrunner_utils.script_run_context",
    "streamlit.runtime.state.session_state_proxy",
    "streamlit.runtime.caching.cache_data_api",
)


def shortest(*, second_factor: bool) -> int:
    """How many characters a passphrase needs: fewer for somebody with a second factor."""
    return SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST


def password_rules(*, second_factor: bool) -> str:
    """What a passphrase is, in a sentence for the person who chooses one."""
    return (
        f"A passphrase has {shortest(second_factor=second_factor)} to {LONGEST} characters of any kind, spaces too. "
        "Several words that do not belong together make a good one."
    )


def password_problem(password: str, about: Sequence[str] = (), *, second_factor: bool = False) -> str:
    """What is wrong with a new passphrase, as a sentence, or ''. `about` are words that belong to the person, in small letters."""
    return str(_pool.submit(_problem, password, tuple(about), second_factor).result())


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


def _problem(password: str, about: tuple[str, ...], second_factor: bool) -> str:
    validator = _library()["Validator"](about, second_factor)
    return "" if validator.validate_password(password) else str(validator.diagnose_password(password))


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
        """Length instead of composition, and nothing that is guessed first."""

        def __init__(self, about: tuple[str, ...] = (), second_factor: bool = False) -> None:
            super().__init__()
            self.about, self.second_factor = about, second_factor

        def validate_password(self, password: str) -> bool:
            """Whether the passphrase may be used."""
            return not self.diagnose_password(password)

        def diagnose_password(self, password: str) -> str:
            """A sentence about a passphrase that may not be used, or ''."""
            length = len(unicodedata.normalize("NFKC", password))
            if not shortest(second_factor=self.second_factor) <= length <= LONGEST:
                return password_rules(second_factor=self.second_factor)
            return guessable(password, self.about)

    return {"Hasher": Hasher, "Validator": PassphraseValidator, "AuthenticationController": AuthenticationController}


def _not_from_these_threads(record: logging.LogRecord) -> bool:
    return not (record.threadName or "").startswith(_THREADS)

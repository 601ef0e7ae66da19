"""Recovery codes: ten for each person, kept as salted scrypt hashes, written so that they can be read from paper."""

import base64
import hashlib
import os
import re
import secrets
from dataclasses import dataclass

COUNT = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_HALF = 5
_SHAPE = re.compile(rf"[{_LETTERS}]{{{2 * _HALF}}}")
# 16 MB and some 50 ms a guess, against 50 random bits.
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


@dataclass(frozen=True)
class CodeSet:
    """Ten codes of 50 random bits, such as "K7QXM-3TRWD", to be shown once; what is kept of them, and the salt of the set."""

    codes: tuple[str, ...]
    hashes: tuple[str, ...]
    salt: str


def new_codes() -> CodeSet:
    """A set of codes. Takes half a second on purpose: make it outside a transaction."""
    salt = base64.urlsafe_b64encode(os.urandom(16)).decode()
    codes = tuple("-".join("".join(map(secrets.choice, [_LETTERS] * _HALF)) for _ in "ab") for _ in range(COUNT))
    return CodeSet(codes, tuple(hash_of(code, salt) for code in codes), salt)


def is_recovery_code(typed: str) -> bool:
    """Whether this has the shape of a recovery code, however it is spaced; a code of an app has not."""
    return bool(_SHAPE.fullmatch(_folded(typed)))


def hash_of(typed: str, salt: str) -> str:
    """What is kept of a code."""
    return hashlib.scrypt(_folded(typed).encode(), salt=salt.encode(), **_COST).hex()


def _folded(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed[:40]).upper()

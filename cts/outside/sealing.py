"""Encryption of what the database keeps of the most private: AES-256-GCM, each value bound to the place it was written for.

The keys come from the environment (CTS_DATA_KEYS) and are in neither database nor backup. A sealed value names the key it was sealed with,
so that a new key can be put in front of the old one while what stands in the database is sealed anew.
"""

import base64
import binascii
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cts.settings import settings

_MARK = b"CTS1"
_TEXT_MARK = "sealed:"
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value cannot be read: its key is not among CTS_DATA_KEYS, or it was changed, or moved to another place."""


def seal(content: bytes, bound_to: str) -> bytes:
    """Encrypt with the first of CTS_DATA_KEYS. It opens only with the same `bound_to`: table, column and row, such as "account.totp:17"."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE_BYTES)
    label = name.encode()
    return _MARK + bytes([len(label)]) + label + nonce + AESGCM(key).encrypt(nonce, content, _bound(bound_to, name))


def open_sealed(sealed: bytes, bound_to: str) -> bytes:
    """The content. Raises CannotOpen."""
    name = key_of(sealed)
    key = _keys().get(name)
    if key is None:
        raise CannotOpen(f"CTS_DATA_KEYS has no key {name!r}, with which this was encrypted.")
    rest = sealed[len(_MARK) + 1 + len(name.encode()) :]
    try:
        return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(bound_to, name))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(
            "An encrypted value was changed, or stands in another place than it was written for."
        ) from error


def seal_text(text: str, bound_to: str) -> str:
    """The same for a text column."""
    return _TEXT_MARK + base64.urlsafe_b64encode(seal(text.encode(), bound_to)).decode()


def open_text(sealed: str, bound_to: str) -> str:
    """The text. Raises CannotOpen."""
    return open_sealed(_unwrapped(sealed), bound_to).decode()


def is_sealed(text: object) -> bool:
    """Whether this is what seal_text made."""
    return isinstance(text, str) and text.startswith(_TEXT_MARK)


def key_of(sealed: bytes | str) -> str:
    """The name of the key a value was sealed with. Raises CannotOpen when it is no sealed value."""
    data = _unwrapped(sealed) if isinstance(sealed, str) else sealed
    start = len(_MARK) + 1
    if not data.startswith(_MARK) or len(data) < start or len(data) < start + data[len(_MARK)] + _NONCE_BYTES:
        raise CannotOpen("This is not an encrypted value.")
    try:
        return data[start : start + data[len(_MARK)]].decode()
    except UnicodeDecodeError as error:
        raise CannotOpen("This is not an encrypted value.") from error


def key_names() -> tuple[str, ...]:
    """The names of all keys of the settings."""
    return tuple(_keys())


def present_key() -> str:
    """The name of the key with which values are sealed now."""
    return next(iter(_keys()))


def derived_key(name: str, salt: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for this purpose and salt alone, made of the key of this name. Raises CannotOpen when there is none."""
    key = _keys().get(name)
    if key is None:
        raise CannotOpen(f"CTS_DATA_KEYS has no key {name!r}.")
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"{purpose}\x00{name}".encode()).derive(key)


def _keys() -> Mapping[str, bytes]:
    return settings().keys


def _bound(bound_to: str, name: str) -> bytes:
    return f"{name}\x00{bound_to}".encode()


def _unwrapped(sealed: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(sealed.removeprefix(_TEXT_MARK))
    except (binascii.Error, ValueError) as error:
        raise CannotOpen("This is not an encrypted value.") from error

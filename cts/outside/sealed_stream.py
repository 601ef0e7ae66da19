"""A file of any length, encrypted piece by piece in bounded memory: what was cut, changed, reordered or appended is noticed.

AES-256-GCM. The key of a file is derived from one of CTS_DATA_KEYS and a random salt; each piece is bound to the heading, to its place, and
to whether it is the last one.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cts.outside.sealing import CannotOpen, derived_key, present_key

PIECE_BYTES = 1 << 20
_MARK = b"CTS sealed file 1\n"
_PURPOSE = "CTS sealed file 1"
_LARGEST_HEADING = 4_096
_TAG_BYTES = 16
_SALT_BYTES = 32


class NotWhole(Exception):
    """The file is none of ours, was cut or changed, or its key is not there. `str()` is the sentence for people."""


def write_sealed(pieces: Iterable[bytes], target: BinaryIO, about: Mapping[str, str]) -> None:
    """Write everything in `pieces`, encrypted with the first of CTS_DATA_KEYS. `about` stands readable in the heading and cannot be changed."""
    name, salt = present_key(), os.urandom(_SALT_BYTES)
    heading = json.dumps({"key": name, "salt": base64.b64encode(salt).decode(), **about}).encode()
    cipher = AESGCM(derived_key(name, salt, _PURPOSE))
    target.write(_MARK + len(heading).to_bytes(2) + heading)
    bound = hashlib.sha256(heading).digest()
    waiting: bytes | None = None
    number = 0
    for piece in _evenly(pieces):
        if waiting is not None:
            _write_piece(target, cipher, number, waiting, bound, last=False)
            number += 1
        waiting = piece
    _write_piece(target, cipher, number, waiting or b"", bound, last=True)


def read_heading(source: BinaryIO) -> Mapping[str, str]:
    """What stands readable in front. Raises NotWhole. Only read_sealed says whether it is true."""
    return _heading(source)[0]


def read_sealed(source: BinaryIO) -> Iterator[bytes]:
    """The content, piece by piece; only when the iterator has ended is it known that all of it was there. Raises NotWhole."""
    about, heading = _heading(source)
    try:
        key = derived_key(about.get("key", ""), base64.b64decode(about.get("salt", "")), _PURPOSE)
    except (CannotOpen, ValueError, TypeError) as problem:
        raise NotWhole(
            f"This file was encrypted with the key {about.get('key', '')!r}, which is not among CTS_DATA_KEYS. "
            "Put that key behind the others, then try again."
        ) from problem
    cipher, bound, number, last = AESGCM(key), hashlib.sha256(heading).digest(), 0, False
    while not last:
        head = _exactly(source, 4)
        last, size = bool(head[0] & 0x80), int.from_bytes(head) & 0x7FFFFFFF
        if size > PIECE_BYTES + _TAG_BYTES:
            raise NotWhole(_CHANGED)
        sealed = _exactly(source, size)
        try:
            yield cipher.decrypt(_nonce(number, last=last), sealed, bound)
        except InvalidTag as problem:
            raise NotWhole(_CHANGED) from problem
        number += 1
    if source.read(1):
        raise NotWhole(_CHANGED)


_CHANGED = "This file was changed since it was written, or encrypted with another key of the same name. Take another copy of it."


def _heading(source: BinaryIO) -> tuple[Mapping[str, str], bytes]:
    if source.read(len(_MARK)) != _MARK:
        raise NotWhole("This is not a file that CTS has encrypted.")
    size = int.from_bytes(_exactly(source, 2))
    if size > _LARGEST_HEADING:
        raise NotWhole(_CHANGED)
    heading = _exactly(source, size)
    try:
        found = json.loads(heading)
    except ValueError as problem:
        raise NotWhole(_CHANGED) from problem
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise NotWhole(_CHANGED)
    return found, heading


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = source.read(size)
    if len(found) != size:
        raise NotWhole("This file ends too early: a part of it is missing. Take another copy of it.")
    return found


def _write_piece(target: BinaryIO, cipher: AESGCM, number: int, piece: bytes, bound: bytes, *, last: bool) -> None:
    sealed = cipher.encrypt(_nonce(number, last=last), piece, bound)
    target.write((len(sealed) | (0x80000000 if last else 0)).to_bytes(4) + sealed)


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes([last]) + number.to_bytes(11)


def _evenly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same content in pieces of PIECE_BYTES."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PIECE_BYTES:
            yield bytes(waiting[:PIECE_BYTES])
            del waiting[:PIECE_BYTES]
    if waiting:
        yield bytes(waiting)

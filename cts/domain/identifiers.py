"""The numbers by which CWS/CMS knows a youth, a referral and a case.

A CWS/CMS key is ten base-62 characters (0-9 A-Z a-z, case matters): seven of
time and three of the staff id. People see the same key as nineteen digits:
the seven in decimal, thirteen digits wide, then the three in decimal, six
wide. CTS stores one form only, the nineteen digits without any separator.

State ID and PDJ number are free text: they are compared without what people put
between the groups. The State ID belongs to the family, so two youth may share it.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEY_DIGITS = 19
TIME_DIGITS, STAFF_DIGITS = 13, 6
TIME_CHARACTERS, STAFF_CHARACTERS = 7, 3
HIGHEST_TIME = len(ALPHABET) ** TIME_CHARACTERS - 1
HIGHEST_STAFF = len(ALPHABET) ** STAFF_CHARACTERS - 1

_WORTH = {character: worth for worth, character in enumerate(ALPHABET)}
# What people type or paste between the groups: any space, and any of the dashes a word processor makes.
_SEPARATORS = re.compile(r"[\s\u002d\u00ad\u2010-\u2015\u2212\ufe63\uff0d]+")
_PLAIN_KEY = re.compile(r"[0-9]{19}", re.ASCII)
_BASE62_KEY = re.compile(r"[0-9A-Za-z]{10}", re.ASCII)
_STAFF_ID = re.compile(r"[0-9A-Za-z]{3}", re.ASCII)
_SPREADSHEET_NUMBER = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+", re.ASCII)

BETWEEN_GROUPS = " -./_#\u00a0\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
"""What is left out of a State ID or PDJ # wherever it is compared. The database does the same (db/models/youth.py)."""

HOW_TO_WRITE_A_KEY = "Write the 19 digits, for example 0315-2076-8676-8002051, or the 10 letters and digits of CWS/CMS."
DIGITS_LOST = (
    "A spreadsheet turned this number into a rounded one and its last digits are lost. "
    "Format the column as text before the extract is opened, and send it again."
)


def parse_key(text: str) -> str:
    """Return the one stored form of a CWS/CMS key: 19 plain digits.

    `text` may be 10 base-62 characters, or 19 digits grouped in any way by
    hyphens or spaces (a case number's 4-3-4-8 too). Raises ValueError with a
    sentence for the person who typed it when it is neither, or when it is a
    number that no CWS/CMS key can have.
    """
    typed = text.strip()
    if _BASE62_KEY.fullmatch(typed):
        return _digits_of(typed)
    digits = typed if _PLAIN_KEY.fullmatch(typed) else _SEPARATORS.sub("", typed)
    if not _PLAIN_KEY.fullmatch(digits):
        raise ValueError(_why_not_a_key(typed, digits))
    if int(digits[:TIME_DIGITS]) > HIGHEST_TIME or int(digits[TIME_DIGITS:]) > HIGHEST_STAFF:
        raise ValueError("This is not a number that CWS/CMS gives out. Check each digit against CWS/CMS.")
    return digits


def bare_id(text: str) -> str:
    """Return a State ID or PDJ # as it is compared: in capitals, without what stands between its groups."""
    return "".join(character for character in text if character not in BETWEEN_GROUPS).upper()


def pdj_numbers_meant(text: str) -> tuple[str, ...]:
    """The PDJ # that was typed, as it is compared; of digits alone also the one with the letters that stand before them in CWS/CMS."""
    bare = bare_id(text)
    return (bare, f"PJ{bare}") if bare.isdigit() else (bare,)


def parse_staff_id(text: str) -> str:
    """Return a CWS/CMS staff id: three base-62 characters, whose case matters.

    Raises ValueError with a sentence when it is anything else.
    """
    typed = text.strip()
    if not _STAFF_ID.fullmatch(typed):
        raise ValueError("A staff id has exactly 3 letters or digits, as CWS/CMS writes it. Capitals matter.")
    return typed


def key_to_base62(key: str) -> str:
    """Return the ten characters by which CWS/CMS itself stores `key` (any form that parse_key accepts)."""
    digits = parse_key(key)
    return _base62(int(digits[:TIME_DIGITS]), TIME_CHARACTERS) + _base62(int(digits[TIME_DIGITS:]), STAFF_CHARACTERS)


def show_referral_number(key: str) -> str:
    """Return 19 stored digits as people read a referral or client number: 0000-0000-0000-0000000."""
    digits = _stored(key)
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"


def show_case_number(key: str) -> str:
    """Return 19 stored digits as people read a case number: 0000-000-0000-00000000."""
    digits = _stored(key)
    return f"{digits[:4]}-{digits[4:7]}-{digits[7:11]}-{digits[11:]}"


def _stored(key: str) -> str:
    """What is stored was read by parse_key before; whatever else is given is read now."""
    return key if _PLAIN_KEY.fullmatch(key) else parse_key(key)


def _why_not_a_key(typed: str, digits: str) -> str:
    if not typed:
        return f"The number is empty. {HOW_TO_WRITE_A_KEY}"
    if _SPREADSHEET_NUMBER.fullmatch(typed):
        return DIGITS_LOST
    if digits.isascii() and digits.isdigit():
        return f"This number has {len(digits)} digits and must have {KEY_DIGITS}. {HOW_TO_WRITE_A_KEY}"
    return f"This is not a CWS/CMS number. {HOW_TO_WRITE_A_KEY}"


def _digits_of(ten: str) -> str:
    time, staff = _number(ten[:TIME_CHARACTERS]), _number(ten[TIME_CHARACTERS:])
    return f"{time:0{TIME_DIGITS}d}{staff:0{STAFF_DIGITS}d}"


def _number(characters: str) -> int:
    number = 0
    for character in characters:
        number = number * len(ALPHABET) + _WORTH[character]
    return number


def _base62(number: int, width: int) -> str:
    characters = []
    for _ in range(width):
        number, worth = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[worth])
    return "".join(reversed(characters))

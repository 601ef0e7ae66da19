"""How names are matched and written."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_DROPPED = re.compile(r"['’‘ʼʻ`´]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def fold(text: str) -> str:
    """A name without case, accents, apostrophes or zero-width characters: "Rodríguez-López" -> "rodriguez lopez"."""
    # Apostrophes first: some stand alone only until they are taken apart (U+00B4). Then twice: taking apart makes capitals and apostrophes.
    visible = "".join(c for c in _DROPPED.sub("", text) if unicodedata.category(c) != "Cf")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", visible).casefold())
    bare = "".join(c for c in _DROPPED.sub("", plain) if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join(_NOT_WORD.sub(" ", bare).split())


def name_parts(text: str) -> tuple[str, ...]:
    """Every part a search may start from: each word, and the words run together ("De-la-Cruz" is also "delacruz")."""
    words = fold(text).split()
    joined = ["".join(words[i:]) for i in range(len(words) - 1)]
    return tuple(dict.fromkeys(words + joined))


def listed_name(last: str, first: str, middle: str = "", suffix: str = "") -> str:
    """A name as lists show it: "Martin-Reyes, Ana B Jr"."""
    given = " ".join(filter(None, (first, middle, suffix)))
    return f"{last}, {given}" if given else last


def spoken_name(listed: str) -> str:
    """The name of a member of staff as signatures show it: "Ellis, Brandon" -> "Brandon Ellis"."""
    last, comma, first = listed.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else listed.strip()

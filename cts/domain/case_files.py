"""The files of a client record: their kinds, and the names they are shown and served under."""

import re
import unicodedata

KINDS = {
    "consent": "Consent",
    "court": "Court document",
    "medical": "Medical",
    "school": "School",
    "photo": "Photo",
    "receipt": "Receipt",
    "correspondence": "Correspondence",
    "safety_plan": "Safety plan",
    "other": "Other",
}
RECEIPT = "receipt"

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
"""What is kept, by the ending of its name."""

ENDINGS = {suffix: (suffix,) for suffix in MEDIA_TYPES} | {"jpg": ("jpg", "jpeg")}

NAME_LIMIT = 120
_UNSAFE = re.compile(r'[<>:"|?*\\/]')
_KEPT_FORMAT = "\u200c\u200d"
"""The two joiners are letters' business in Farsi, Hindi, Khmer …; every other invisible character can mislead the reader of a name."""


def clean_name(typed: str, suffix: str) -> str:
    """The name a file is shown and served under, with the ending of its true kind: "../a\u202egpj.exe" that is a PDF is "agpj.exe.pdf".

    Without folders, control characters, marks that turn the direction of writing, and what a computer may not have in a name; at most
    120 characters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", typed))[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or _is_shown(c))
    words = " ".join(_UNSAFE.sub(" ", seen).split()).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if not dot or not stem or ending.lower() not in ENDINGS[suffix]:
        stem, ending = words, suffix
    stem = stem[: NAME_LIMIT - len(ending) - 1].strip(". ")
    return f"{stem or 'document'}.{ending}"


def _is_shown(character: str) -> bool:
    return not unicodedata.category(character).startswith("C") or character in _KEPT_FORMAT


def size_words(size: int) -> str:
    """A size in bytes as people say it: 312 bytes, 48 KB, 2.4 MB."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{max(1, round(size / 1_000))} KB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"

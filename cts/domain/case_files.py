"""The files of a client record: their kinds, and the names they are shown and served under."""

import re
import unicodedata

from cts.domain.one_line import one_line

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


def clean_name(typed: str, suffix: str) -> str:
    """The name a file is shown and served under, with the ending of its true kind: "../a\u202egpj.exe" that is a PDF is "agpj.exe.pdf".

    Without folders, control characters, marks that turn the direction of writing, and what a computer may not have in a name; at most
    120 characters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", typed))[-1]
    words = one_line(_UNSAFE.sub(" ", last)).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if not dot or not stem or ending.lower() not in ENDINGS[suffix]:
        stem, ending = words, suffix
    stem = stem[: NAME_LIMIT - len(ending) - 1].strip(". ")
    return f"{stem or 'document'}.{ending}"


def size_words(size: int) -> str:
    """A size in bytes as people say it: 312 bytes, 48 KB, 2.4 MB."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{max(1, round(size / 1_000))} KB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"

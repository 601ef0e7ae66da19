"""Whether a passphrase is among the first that somebody would try: lists and patterns of zxcvbn, and words of this person and this work."""

import re
import unicodedata
from collections.abc import Sequence

WORDS_OF_THIS_WORK = (
    *("advocacy", "advocate", "agency", "angeles", "children", "county", "csec", "csw", "cts", "cws", "cms", "dcfs"),
    *(
        "demonstration",
        "department",
        "dpo",
        "exploited",
        "family",
        "los",
        "office",
        "officer",
        "passphrase",
        "password",
        "probation",
    ),
    *("protection", "referral", "scsw", "sdpo", "services", "social", "supervisor", "support", "system", "tracking"),
    *("victim", "worker", "youth"),
)
PUBLISHED = frozenset(
    {
        *("correcthorsebatterystaple", "troubadorandthree", "itwasthebestoftimes", "maytheforcebewithyou"),
        # The demonstration's own, which stands in the README.
        "demonstrationonly2026",
    }
)
"""Examples that guides print, without spaces."""

ENOUGH_OF_ONES_OWN = 8
"""So many letters and digits must be left when the words of this person and this work are taken away."""

STRONG_ENOUGH = 3
"""Of zxcvbn's 0 to 4: more than a hundred million guesses."""

_LOOKED_AT = 72
"""zxcvbn's own limit; what follows can only make a passphrase harder to guess."""


def guessable(passphrase: str, about: Sequence[str] = ()) -> str:
    """Why the passphrase would be guessed, as a sentence, or ''. `about` are words that belong to the person, small letters."""
    from zxcvbn import zxcvbn

    context = [*about, *WORDS_OF_THIS_WORK]
    text = unicodedata.normalize("NFKC", passphrase).casefold()
    squeezed = re.sub(r"[\W_]+", "", text)
    if squeezed in PUBLISHED:
        return "This passphrase is printed in guides, so it is tried first. Choose words of your own."
    if _left(squeezed, context) < ENOUGH_OF_ONES_OWN <= len(squeezed):
        return (
            "This passphrase is made of your name, your work or words of CTS, which are tried first. "
            "Add words that have nothing to do with them."
        )
    for form in filter(None, dict.fromkeys((text, squeezed))):
        found = zxcvbn(form[:_LOOKED_AT], user_inputs=list(context))
        if found["score"] < STRONG_ENOUGH:
            return _why({match["pattern"] for match in found["sequence"]})
    return ""


def _left(squeezed: str, context: Sequence[str]) -> int:
    """How many letters and digits are left without the words that would be tried first; a year is such a word too."""
    for word in sorted(set(context), key=len, reverse=True):
        squeezed = squeezed.replace(word, " ")
    squeezed = re.sub(r"(19|20)\d\d", " ", squeezed)
    return len(squeezed.replace(" ", ""))


def _why(patterns: set[str]) -> str:
    if "repeat" in patterns:
        return "This passphrase repeats itself. Choose several different words."
    if patterns & {"sequence", "spatial"}:
        return "This passphrase follows the alphabet, the numbers or the keys. Choose several different words."
    if "date" in patterns:
        return "This passphrase is little more than a date. Choose several different words."
    return "This passphrase is a common one, or close to it. Choose several words that do not belong together."

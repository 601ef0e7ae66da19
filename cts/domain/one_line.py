"""Names, titles, numbers on one line: nothing in them is there without being seen, or turns what stands beside it.

What people answer in forms is kept as they typed it: it stands in a place of its own.
"""

import unicodedata

_JOINERS = "\u200c\u200d"
"""Letters' business in Farsi, Hindi, Khmer …, and in emoji; every other invisible character can mislead the reader."""


def is_shown(character: str) -> bool:
    """Whether a character can be seen, or is needed to write what is seen. False for controls, for marks that turn the direction, and for half
    characters. (One that this Unicode does not know yet may be a letter.)"""
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"} or character in _JOINERS


def without_unseen(text: str) -> str:
    """The text without characters that cannot be seen; spaces and ends of lines stay as they are."""
    return "".join(c for c in text if c.isspace() or is_shown(c))


def one_line(text: str) -> str:
    """The text on one line, with single spaces, in place of controls too, without what cannot be seen: "Ana \\u202e\\n Lopez" is "Ana Lopez"."""
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(without_unseen(spaced).split())

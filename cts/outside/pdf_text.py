"""Text as people typed it, made fit for paper: nothing in it acts, nothing in it is lost, lines break where they may."""

import re
import unicodedata
from collections.abc import Callable, Iterator

BOX = "\u25a1"  # stands for whatever cannot be shown
DASH = "\u2014"

JOINERS = "\u200c\u200d"
_LETTER_AND_ACCENTS = re.compile("[^\\W\\d_][\u0300-\u036f]+")
# Letters that belong to the one before, or the one after, in scripts written without spaces.
_STAYS_WITH_NEXT = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4\u17d2\u1039"
_STAYS_WITH_LAST = (
    "\u0e30\u0e32\u0e33\u0e45\u0e46\u0e2f\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6\u17d4\u17d5\u17d7"
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\u300d\u300f\uff09"
)
_WITHOUT_SPACES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x9FFF),  # Chinese, Japanese
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
    (0x20000, 0x323AF),
)


def printable(text: str, shown: Callable[[str], bool]) -> str:
    """``text`` with a visible box for every character that cannot be shown or would act instead of being shown.

    ``shown`` tells whether some font has the letter. Line ends become "\\n", tabs become spaces. Control characters,
    lone surrogates, private-use characters and those that turn the direction of the text round become boxes; other
    invisible characters that no font has are left out, as they would leave no trace on paper either. A letter and its
    separate accents become the one letter they mean, where Unicode has it (not ideographs: their variants matter).
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    shown_text = "".join(_shown_as(letter, shown) for letter in unified)
    return _LETTER_AND_ACCENTS.sub(lambda match: unicodedata.normalize("NFC", match[0]), shown_text)


def _shown_as(letter: str, shown: Callable[[str], bool]) -> str:
    if letter == "\n" or letter in JOINERS:
        return letter
    category = unicodedata.category(letter)
    if category in ("Zl", "Zp"):
        return "\n"
    if category in ("Cc", "Cs", "Co", "Cn"):
        return BOX
    if category == "Cf":
        turns = "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u206f"
        return BOX if turns else letter if shown(letter) else ""
    if category == "Zs":
        return letter if shown(letter) else " "
    if shown(letter):
        return letter
    return "" if _is_variation(letter) else BOX


def _is_variation(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break ``text`` into lines no wider than ``width``; at least one line, an empty one for an empty text.

    Lines are broken in the order in which the text is read, before right-to-left parts are turned round. Every
    character is kept but the one space at which a line was broken. ``measure`` gives the width of a string.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, filled = "", 0.0
        for piece in _pieces(paragraph, width, measure):
            size = measure(piece)
            if line and filled + measure(piece.rstrip(" ")) > width:
                lines.append(line.removesuffix(" "))
                line, filled = "", 0.0
            line += piece
            filled += size
        lines.append(line)
    return lines


def _pieces(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Parts that stay on one line: words with their space, syllables, and cut-up parts of words wider than a line."""
    for piece in _unbroken(paragraph):
        if measure(piece.rstrip(" ")) <= width:
            yield piece
            continue
        part = ""
        for cluster in _clusters(piece):
            if part and measure((part + cluster).rstrip(" ")) > width:
                # A number in groups is cut between two of them.
                groups, hyphen, rest = part.rpartition("-")
                yield groups + hyphen if groups else part
                part = rest if groups else ""
            part += cluster
        yield part


def _unbroken(paragraph: str) -> Iterator[str]:
    part = ""
    for index, letter in enumerate(paragraph):
        if part and (_ends_word(part[-1], letter) or _may_break(paragraph, index)):
            yield part
            part = ""
        part += letter
    if part:
        yield part


def _ends_word(last: str, letter: str) -> bool:
    if last in " \u3000":
        return letter not in " \u3000"
    return last in "\u200b" or (last in "-/\u2013\u2014" and letter.isalpha())


def _may_break(paragraph: str, index: int) -> bool:
    """Between two letters of scripts without spaces, unless the two belong together."""
    last, letter = paragraph[index - 1], paragraph[index]
    if not (_without_spaces(last) or last.isalnum()) or not (_without_spaces(letter) or letter.isalnum()):
        return False
    if not (_without_spaces(last) or _without_spaces(letter)):
        return False
    return not _joined(last, letter) and letter not in _STAYS_WITH_LAST and last not in "\u300c\u300e\uff08"


def _joined(last: str, letter: str) -> bool:
    return last in _STAYS_WITH_NEXT or last in JOINERS or letter in JOINERS or _is_mark(letter)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M") or letter in "\u0e33\u0eb3"


def _without_spaces(letter: str) -> bool:
    code = ord(letter)
    return code > 0x0DFF and any(first <= code <= last for first, last in _WITHOUT_SPACES)


def _clusters(piece: str) -> Iterator[str]:
    part = ""
    for letter in piece:
        if part and not _joined(part[-1], letter):
            yield part
            part = ""
        part += letter
    if part:
        yield part

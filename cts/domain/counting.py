"""Numbers with the word they count: the one rule for one and for more."""


def counted(number: int, one: str, more: str = "") -> str:
    """ "1 anchor", "1,204 anchors"; `more` where it is not `one` with an s: counted(2, "answer needs", "answers need")."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"

"""Money and numbers as people type them: exact decimals, thousands separators and a dollar sign accepted, absurd amounts refused."""

import re
from collections.abc import Iterable
from decimal import Decimal

MOST_MONEY = Decimal("100000.00")
"""No single amount of a Restoration Fund Request is larger: more is a slip of the keyboard."""

LARGEST_NUMBER = 1_000

_AMOUNT = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,9})(\.\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}|\d{1,3}(,\d{3})+", re.ASCII)


def money_of(typed: object) -> Decimal | None:
    """The amount in dollars that was typed, with two decimals; None when it is none. "1,234.5", "$ 12" and "12.50" are read."""
    if not isinstance(typed, str):
        return None
    text = typed.strip().removeprefix("$").strip()
    return Decimal(text.replace(",", "")).quantize(Decimal("0.01")) if _AMOUNT.fullmatch(text) else None


def money_fault(typed: str) -> str:
    """What is wrong with an amount, as the end of a sentence; '' when nothing is."""
    amount = money_of(typed)
    if amount is None:
        return "please give an amount in dollars with at most two decimals, such as 1,234.50. It cannot be negative."
    if amount > MOST_MONEY:
        return f"{money_words(typed)} is more than {_words(MOST_MONEY)}. Please check the amount."
    return ""


def money_words(typed: object) -> str:
    """An amount as a person reads it: $1,234.50; what is no amount stays as it was typed."""
    amount = typed if isinstance(typed, Decimal) else money_of(typed)
    return str(typed) if amount is None else _words(amount)


def total_of(amounts: Iterable[object]) -> Decimal:
    """The exact sum of the amounts that can be read."""
    return sum((a for a in map(money_of, amounts) if a is not None), Decimal("0.00"))


def number_of(typed: object) -> int | None:
    """The whole number that was typed; None when it is none."""
    text = typed.strip() if isinstance(typed, str) else ""
    return int(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _words(amount: Decimal) -> str:
    return f"${amount:,.2f}"

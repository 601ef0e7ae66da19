"""Names of invented youth: those of the synthetic sample extract, thrown together anew."""

import csv
from pathlib import Path
from random import Random

_SAMPLE = Path(__file__).with_name("cws_cms_2026-11-02.csv")


def _column(name: str) -> tuple[str, ...]:
    with _SAMPLE.open(encoding="utf-8", newline="") as file:
        return tuple(sorted({row[name] for row in csv.DictReader(file)} - {""}))


FIRST_NAMES, LAST_NAMES = _column("first_name"), _column("last_name")


def last_name(dice: Random) -> str:
    """A family name; one in twelve is double."""
    name = dice.choice(LAST_NAMES)
    return f"{name}-{dice.choice(LAST_NAMES)}" if dice.random() < 0.08 else name

"""Values that are kept encrypted: each bound to its table and to the row it was written for, opened only when somebody reads it.

A row that is loaded for a listing costs nothing: opening happens when the value is asked for, once. What does not open (a key that is not
there, a changed byte, a value moved here from another row) is a refusal with a sentence, and a line in the log that names the place.
"""

import json
import logging
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from cts.outside import sealing
from cts.services.refusals import Unreadable
from db.models.rows import JsonValue

_logger = logging.getLogger(__name__)


def opened(sealed: bytes, place: str) -> bytes:
    """What was sealed for this place. Raises Unreadable."""
    try:
        return sealing.open_sealed(sealed, place)
    except sealing.CannotOpen as problem:
        raise _unreadable(place, problem) from problem


def opened_text(sealed: str, place: str) -> str:
    """The text that was sealed for this place; no text is ''. Raises Unreadable, also for a text that somebody wrote there unsealed."""
    if not sealed:
        return ""
    try:
        return sealing.open_text(sealed, place)
    except sealing.CannotOpen as problem:
        raise _unreadable(place, problem) from problem


def sealed_text(text: str, place: str) -> str:
    """The text as it is kept; '' stays ''."""
    return sealing.seal_text(text, place) if text else ""


def _unreadable(place: str, problem: sealing.CannotOpen) -> Unreadable:
    _logger.warning("An encrypted value cannot be opened (%s): %s", place, problem)
    return Unreadable(
        "What is kept here is encrypted and cannot be opened at this moment. Nothing was lost or changed. "
        "Please tell support that CTS lacks a key of encryption, or that a value was changed in the database."
    )


class SealedAnswers:
    """Answers of a row: those that lists and sums read stay readable (`kept_answers`), the others are sealed together (`sealed_answers`).

    `answers` is all of them, as they were typed.
    """

    kept_answers: Mapped[dict[str, Any]] = mapped_column("answers", JsonValue, default=dict)
    sealed_answers: Mapped[str] = mapped_column(Text, default="")

    def place(self) -> str:
        """What the sealed answers are bound to. Raises ValueError while it is not known whose they are."""
        raise AssertionError("Each table names its own place.")

    def private_keys(self, answers: Mapping[str, Any]) -> Collection[str]:
        """Which of these answers are sealed: all of them, where a table does not say otherwise."""
        return answers.keys()

    @property
    def answers(self) -> dict[str, Any]:
        """All answers. Raises Unreadable. Opened once for what was read from the database."""
        known = self.__dict__.get("_opened_answers")
        if known is None or known[0] is not self.kept_answers or known[1] != self.sealed_answers:
            text = opened_text(self.sealed_answers or "", self.place())
            private: dict[str, Any] = json.loads(text) if text else {}
            known = (self.kept_answers, self.sealed_answers, {**(self.kept_answers or {}), **private})
            self.__dict__["_opened_answers"] = known
        found: dict[str, Any] = known[2]
        return found

    @answers.setter
    def answers(self, answers: Mapping[str, Any]) -> None:
        """Give this row its answers; what its place is made of has to be there already."""
        for column, value in self.sealing_of(answers).items():
            setattr(self, column, value)

    def sealing_of(self, answers: Mapping[str, Any], private: Collection[str] | None = None) -> dict[str, Any]:
        """The two columns of these answers, by attribute: for an UPDATE of this very row. `private` are other questions than its own."""
        private = self.private_keys(answers) if private is None else private
        hidden = {key: value for key, value in answers.items() if key in private}
        text = json.dumps(hidden, ensure_ascii=False) if hidden else ""
        return {
            "kept_answers": {key: value for key, value in answers.items() if key not in private},
            "sealed_answers": sealed_text(text, self.place()),
        }


def place_of(column: str, *row: object) -> str:
    """The name of a place: the column, and what tells this row from all others before it is written. Raises ValueError for a part unknown."""
    if None in row:
        raise ValueError(f"{column}: it is not known yet of which row.")
    return f"{column}:{'/'.join(str(part) for part in row)}"

"""A step about to be taken: what was asked, by whom, on what. Needs and effects read it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from cts.domain.vocabulary import Action
from cts.services.actor import Actor
from cts.services.facts import Facts
from cts.services.fetching import Fetched, content_fingerprint


@dataclass(frozen=True)
class StepRequest:
    """What a person asks for by pressing a button.

    `seen_version` is the version the screen showed; `step_key` names this one press, so that a double click is one step.
    `one_of_many`: whoever asks for many at once tells the former agency once, of all.
    """

    action: Action
    seen_version: int
    step_key: str
    reason_code: str = ""
    reason_text: str = ""
    supervisor_id: int | None = None
    agency_id: int | None = None
    one_of_many: bool = False
    advocate_id: int | None = None


@dataclass(frozen=True)
class StepCase:
    """A step about to be taken: what its needs and effects read."""

    session: Session
    actor: Actor
    found: Fetched
    request: StepRequest
    now: datetime
    facts: Facts

    @cached_property
    def fingerprint(self) -> str:
        """What a signature of the content as it stands is bound to."""
        return content_fingerprint(self.found, self.facts, self.found.document.answers)

"""Who is acting: the first argument of every service."""

from dataclasses import dataclass

from cts.domain.vocabulary import Role


@dataclass(frozen=True)
class Actor:
    """The signed-in person, read afresh from the database for every request.

    `session_hash` and `address` go into the access log; both are empty for a command run on the server. `emergencies` are the numbers of
    the assignments that are open to the person at this moment without a tie (cts/services/emergency.py), `covers` the ids of the absent
    people he or she covers for today (cts/services/covers.py).
    """

    person_id: int
    name: str
    role: Role
    email: str = ""
    office_code: str | None = None
    office_name: str = ""
    unit: str = ""
    agency_id: int | None = None
    agency_name: str = ""
    session_hash: str = ""
    address: str = ""
    emergencies: frozenset[int] = frozenset()
    covers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SystemActor:
    """The server itself: commands run by an operator, and jobs."""

    name: str = "CTS"


SYSTEM = SystemActor()

"""A life course: what is to happen next to one assignment, in the order of time, up to the moment the story ends."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from cts.domain.vocabulary import Status
from db.demo.case import Case
from db.demo.clock import later
from db.demo.staff import AgencyTeam, Colleague, OfficeTeam

Event = Callable[[datetime], None]


@dataclass
class Life:
    """One assignment with its future. What lies after `until` has not happened: it is what waits today.

    `away_since` is the moment since which the youth is AWOL. `again_at`: the closed youth is referred again then.
    """

    case: Case
    dice: Random
    until: datetime
    away_since: datetime | None = None
    again_at: datetime | None = None
    _future: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _count: int = 0

    def at(self, moment: datetime, event: Event) -> None:
        """Something happens at this moment."""
        self._count += 1
        heapq.heappush(self._future, (moment, self._count, event))

    def soon(self, moment: datetime, working_days: float, event: Event, *, office: bool = False) -> None:
        """Something happens some working days later; `office`: as quickly as the office of the assignment works."""
        pace = self.office.pace if office else 1.0
        self.at(later(self.dice, moment, working_days * pace), event)

    def run(self) -> None:
        """Tell the story to its end."""
        while self._future and self._future[0][0] <= self.until:
            moment, _, event = heapq.heappop(self._future)
            event(moment)

    @property
    def world_is_whole(self) -> bool:
        """Whether answers, activities and e-mails are told too."""
        return self.case.world.whole

    @property
    def in_service(self) -> bool:
        """Whether an agency serves the youth now."""
        return self.case.assignment.status == Status.APPROVED

    @property
    def office(self) -> OfficeTeam:
        """The office of the assignment."""
        return self.case.world.house.offices[self.case.assignment.office_code]

    @property
    def agency(self) -> AgencyTeam:
        """The agency that serves."""
        return self.case.world.house.agencies[self.case.assignment.agency_id or 0]

    @property
    def worker(self) -> Colleague:
        """The case worker of this moment."""
        return self.case.world.people[self.case.assignment.worker_id]

    @property
    def advocate(self) -> Colleague:
        """The Advocate of this moment."""
        return self.case.world.people[self.case.assignment.advocate_id or 0]

    def supervisor(self) -> Colleague:
        """Who decides for the office: mostly the youth's own supervisor; of a sensitive youth nobody else."""
        own = self.case.world.people[self.case.assignment.supervisor_id or 0]
        return (
            own if self.case.youth.sensitivity != "N" or self.chance(0.8) else self.dice.choice(self.office.supervisors)
        )

    def administrator(self) -> Colleague:
        """Somebody of CSEC Administration."""
        return self.dice.choice(self.case.world.house.administration)

    def chance(self, share: float) -> bool:
        """True as often as this share says."""
        return self.dice.random() < share

    def days_later(self, moment: datetime, low: int, high: int) -> datetime:
        """Some calendar days after a moment."""
        return moment + timedelta(days=self.dice.randint(low, high), minutes=self.dice.randint(0, 90))

"""Who may set a cover, for which days, and that nobody covers while absent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from cts.services.cover_lists import cover_page
from cts.services.covering import end_cover, set_cover
from cts.services.refusals import Incomplete, NotPermitted
from db.models import Account
from db.session import writing
from tests.cast import DCFS_OFFICE, change_person
from tests.parts.desk import Desk
from tests.parts.stand_ins import covered, day

WANDA, COLIN = "Wanda Worker", "Colin Colleague"


def test_who_may_set_a_cover(both: Desk) -> None:
    refused = {
        "nobody becomes the cover of a case worker by his own word": ("csw", "colleague", "colleague"),
        "a supervisor of another office": ("csw", "colleague", "elsewhere"),
        "a namesake elsewhere": ("csw", "csw_elsewhere", "csw_elsewhere"),
        "the agency": ("csw", "colleague", "coordinator"),
        "Administration": ("csw", "colleague", "admin"),
        "technical support": ("csw", "colleague", "support"),
        "who has left": ("csw", "colleague", "left"),
    }
    for why, (absent, by, set_by) in refused.items():
        with pytest.raises(NotPermitted):
            covered(both, absent, by, set_by=set_by)
            raise AssertionError(why)
    for absent, by, set_by in (
        ("csw", "scsw", "scsw"),  # another title
        ("csw", "csw_elsewhere", "csw"),  # another office
        ("csw", "csw", "csw"),
        ("scsw", "left", "scsw"),
    ):
        with pytest.raises(Incomplete, match="Please choose who covers"):
            covered(both, absent, by, set_by=set_by)
    people = both.cast.people
    with writing() as session:
        session.delete(session.get_one(Account, people["substitute"].person_id))
    with pytest.raises(Incomplete, match="with an account"):
        covered(both, "scsw", "substitute")
    assert cover_page(people["scsw"], both.now).who_may_cover(people["scsw"].person_id) == ()
    with pytest.raises(NotPermitted):
        set_cover(people["scsw"], 99_999, people["csw"].person_id, day(both), day(both), both.now)
    with pytest.raises(NotPermitted, match="no such cover"):
        end_cover(people["scsw"], 99_999, both.now)
    assert covered(both, "csw", "colleague", set_by="scsw")
    (line,) = cover_page(people["substitute"], both.now).lines
    assert (line.absent, line.cover, line.set_by, line.lasts, line.mine) == (
        WANDA,
        COLIN,
        "Sonia Supervisor",
        True,
        False,
    )
    assert cover_page(people["elsewhere"], both.now).lines == ()
    for other in ("elsewhere", "csw_elsewhere", "dpo", "admin"):
        with pytest.raises(NotPermitted):
            end_cover(people[other], line.id, both.now)
    assert end_cover(people["colleague"], line.id, both.now), "who covers may give it up"


def test_the_days_of_a_cover(both: Desk) -> None:
    people, today = both.cast.people, both.today
    absent, by = people["csw"].person_id, people["colleague"].person_id

    def sets(first: int, last: int) -> str:
        return set_cover(people["csw"], absent, by, today + timedelta(first), today + timedelta(last), both.now)

    for first, last, why in ((-1, 2, "has passed"), (2, 1, "before the first"), (0, 92, "At most 92 days")):
        with pytest.raises(Incomplete, match=why):
            sets(first, last)
    for begins, ends, why in ((today, None, "first and the last day"), (date.max, date.max, "check the year")):
        with pytest.raises(Incomplete, match=why):
            set_cover(people["csw"], absent, by, begins, ends, both.now)
    assert sets(0, 91)
    with pytest.raises(Incomplete, match="is absent, covered by Colin Colleague"):
        sets(91, 95)


def test_nobody_covers_while_absent_whichever_is_said_first(both: Desk) -> None:
    change_person(both.cast, "csw_elsewhere", office_code=DCFS_OFFICE)
    covered(both, "csw", "colleague")
    with pytest.raises(
        Incomplete, match=r"Wanda Worker is absent, covered by .* Choose somebody else, or choose other days\."
    ):
        covered(both, "csw_elsewhere", "csw")
    with pytest.raises(
        Incomplete, match=r"Colin Colleague covers for Wanda Worker from .* choose somebody else for Wanda"
    ):
        covered(both, "colleague", "csw_elsewhere")
    assert covered(both, "colleague", "csw_elsewhere", begins_in=5)


@pytest.mark.parametrize("second", [("csw", "colleague"), ("colleague", "csw")])
def test_of_two_who_set_a_cover_at_once_one_wins(both: Desk, second: tuple[str, str]) -> None:
    at_once = Barrier(2)

    def sets(who: str, absent: str, by: str) -> bool:
        at_once.wait()
        try:
            return bool(covered(both, absent, by, set_by=who))
        except Incomplete:
            return False

    with ThreadPoolExecutor(2) as pool:
        tries = pool.map(sets, ("scsw", "substitute"), ("csw", second[0]), ("colleague", second[1]))
        assert sorted(tries) == [False, True]
    assert len(cover_page(both.cast.scsw, both.now).lines) == 1

"""Every emergency access is reviewed by another person of CSEC Administration, whom Home and the daily reminder tell."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cts.domain.addresses import Tab
from cts.services.digests import ACTED_ON, DIGEST
from cts.services.emergency_reviews import emergency_list, review_emergency, reviews_waiting_for
from cts.services.outbox import claim_due
from cts.services.record import open_record
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.reminders import make_digests
from db.models import EmailOwed
from db.session import reading
from tests.parts.desk import Desk, serve
from tests.parts.reminded import reminders_owed
from tests.stories.test_emergency import WHY, now_open, opens


@pytest.fixture
def served(desk: Desk) -> Desk:
    desk.begins(serve)
    return desk


def test_it_waits_for_the_review_of_another_person(served: Desk) -> None:
    actor = opens(served)
    open_record(actor, served.number, Tab.PLAN, served.tick())
    served.tick(days=1)
    admin = served.cast.admin
    (line,) = emergency_list(admin, served.now).waiting
    assert (line.number, line.who, line.office, line.looks, line.days) == (
        served.number,
        "Dora Distant (CSW)",
        "South County",
        1,
        1,
    )
    assert (line.text, line.finding) == (WHY, "")
    for finding, note in (("", "It was right."), ("justified", ""), ("nonsense", "It was right.")):
        with pytest.raises(Incomplete):
            review_emergency(admin, line.id, finding, note, served.now)
    for who in ("csw", "scsw", "support", "coordinator", "csw_elsewhere"):
        with pytest.raises(NotPermitted):
            review_emergency(served.cast.people[who], line.id, "justified", "It was right.", served.now)
        with pytest.raises(NotPermitted):
            emergency_list(served.cast.people[who], served.now)
    assert (
        review_emergency(admin, line.id, "justified", "She was found.", served.now) == "The review is saved: justified."
    )
    with pytest.raises(OutOfDate):
        review_emergency(served.cast.admin_second, line.id, "not_justified", "I disagree here.", served.now)
    found = emergency_list(admin, served.now)
    assert found.waiting == () and found.reviewed[0].finding == "Justified"
    assert found.reviewed[0].reviewed.startswith("Ada Administrator, ")


def test_nobody_reviews_what_he_or_she_opened(served: Desk) -> None:
    """A worker who became CSEC Administration meanwhile."""
    opens(served)
    now_administration = replace(served.cast.csw_elsewhere, role=served.cast.admin.role)
    (line,) = emergency_list(now_administration, served.now).waiting
    assert line.mine
    with pytest.raises(NotPermitted, match="another person"):
        review_emergency(now_administration, line.id, "justified", "It was right.", served.now)


def owed_about(desk: Desk, template: str) -> int:
    with reading() as session:
        owed = select(func.count(EmailOwed.id)).where(EmailOwed.template == template)
        return session.scalar(owed.where(EmailOwed.assignment_number == desk.number)) or 0


def test_what_was_not_justified_ends_at_once_and_the_next_is_told_louder(served: Desk) -> None:
    opens(served)
    (line,) = emergency_list(served.cast.admin, served.now).waiting
    review_emergency(served.cast.admin, line.id, "not_justified", "A neighbor asked.", served.now)
    assert now_open(served, "csw_elsewhere").emergencies == frozenset()
    assert owed_about(served, "emergency_again") == 0
    # It is no wall, for a child may be in danger: but whoever reviews is told that it was not the first.
    served.tick(days=1)
    opens(served)
    assert owed_about(served, "emergency_again") == 2
    (line,) = emergency_list(served.cast.admin, served.now).waiting
    assert line.not_justified == 1


def test_it_waits_on_home_and_in_the_daily_reminder_of_those_who_review(served: Desk) -> None:
    opens(served, reason="Zoë Canary-Rodríguez called me from Kestrel Court.")
    ada, abel = served.cast.admin, served.cast.admin_second
    assert reviews_waiting_for(ada, served.now).sentence == (
        "1 record opened in an emergency waits for your review, since today"
    )
    served.tick(days=1)
    assert {who for who, p in served.cast.people.items() if reviews_waiting_for(p, served.now).count} == {
        *("admin", "admin_second")
    }
    now_administration = replace(served.cast.csw_elsewhere, role=ada.role)
    assert reviews_waiting_for(now_administration, served.now).count == 0, "not by the person who opened it"
    make_digests(served.now)
    told = {e.to_person_id: e.details for e in reminders_owed()}
    assert told[ada.person_id] == told[abel.person_id]
    assert told[ada.person_id] == {
        "waiting": "1 record opened in an emergency waits for your review",
        "items": ["1 record opened in an emergency waits for your review:", "/access-log?view=emergency"],
    }
    assert served.cast.csw_elsewhere.person_id not in told
    (line,) = emergency_list(ada, served.now).waiting
    review_emergency(ada, line.id, "justified", "She was found.", served.now)
    assert reviews_waiting_for(abel, served.now).sentence == ""
    assert {e.obstacle for e in claim_due(served.now, "a sender", limit=99) if e.template == DIGEST} >= {ACTED_ON}

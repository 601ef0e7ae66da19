"""Break-glass: Dora Distant, who has no tie to the youth, opens the record in an emergency, and another person reviews it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cts.domain.addresses import Tab
from cts.domain.vocabulary import EMERGENCY_REASONS, Party
from cts.services.access_log import LogFilter, access_log
from cts.services.actor import Actor
from cts.services.audit_chain import verify
from cts.services.case_files import file_content, keep_file
from cts.services.documents import open_document
from cts.services.emergency import emergency_offer, emergency_words, open_emergency
from cts.services.emergency_reviews import emergency_list, review_emergency
from cts.services.outbox import claim_due
from cts.services.printing_record import print_record
from cts.services.record import open_record
from cts.services.refusals import NOT_FOUND, EmergencyEnded, Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.sessions import actor_of_session, hash_of, start_session
from cts.services.timeline import who_looked
from db.models import AccessEntry, Assignment, EmailOwed, EmergencyAccess, Youth
from db.session import reading, writing
from tests.outside.test_file_checks import a_pdf
from tests.parts.desk import Desk
from tests.parts.every_service import ways_to
from tests.parts.listed import listed
from tests.stories.test_confidentiality import PRIVATE, WHOLE, make_sensitive

WHY = "She called me from a motel and is in danger."


def now_open(desk: Desk, who: str) -> Actor:
    """The person as every request reads him or her: with what is open in an emergency at this minute."""
    with writing() as session:
        cookie = start_session(session, desk.cast.people[who].person_id, "10.1.2.3", "", desk.now)
    actor = actor_of_session(hash_of(cookie), desk.now)
    assert actor is not None
    return actor


def opens(desk: Desk, who: str = "csw_elsewhere", code: str = "danger", reason: str = WHY) -> Actor:
    open_emergency(desk.cast.people[who], desk.number, code, reason, desk.tick())
    return now_open(desk, who)


def with_a_plan(desk: Desk) -> None:
    desk.writes("csw", **WHOLE)
    desk.brings_to_advocate()
    desk.plan(1).brings_to_case_worker()


@pytest.fixture
def served(desk: Desk) -> Desk:
    desk.begins(with_a_plan)
    return desk


def looks_of(desk: Desk, actor: Actor) -> list[AccessEntry]:
    with reading() as session:
        own = (AccessEntry.actor_id == actor.person_id, Assignment.number == desk.number)
        joined = select(AccessEntry).join(Assignment, Assignment.id == AccessEntry.assignment_id)
        return list(session.scalars(joined.where(*own).order_by(AccessEntry.id)))


@pytest.mark.parametrize("who", ["csw_elsewhere", "elsewhere", "colleague", "dpo", "sdpo"])
def test_workers_and_supervisors_of_any_office_open_it_by_stating_a_reason(served: Desk, who: str) -> None:
    with pytest.raises(NotPermitted):
        open_record(served.cast.people[who], served.number, None, served.tick())
    actor = opens(served, who)
    assert open_record(actor, served.number, None, served.tick()).youth_name == "Canary-Rodríguez, Zoë"
    assert print_record(actor, served.number, served.tick()).content.startswith(b"%PDF")
    logged = looks_of(served, actor)
    assert list(dict.fromkeys((e.action, e.outcome) for e in logged)) == [
        ("open record", "refused"),
        ("open in emergency", "done"),
        ("open record", "done"),
        ("print record", "done"),
    ]
    assert all(Party.EMERGENCY in e.parties for e in logged[1:])
    assert logged[1].reason == EMERGENCY_REASONS["danger"] and logged[1].role == actor.role
    assert [t for _, t in served.new_emails() if t == "emergency_to_review"] == ["emergency_to_review"] * 2


@pytest.mark.parametrize("who", ["advocate_second", "rival_advocate", "rival_coordinator", "support", "left"])
def test_agencies_support_and_former_people_do_not(served: Desk, who: str) -> None:
    with pytest.raises(NotPermitted) as refusal:
        opens(served, who)
    assert str(refusal.value) == NOT_FOUND
    assert [e.outcome for e in looks_of(served, served.cast.people[who])] == ["refused"]


def test_whoever_has_a_tie_needs_none(served: Desk) -> None:
    for who in ("csw", "scsw", "substitute", "admin", "coordinator", "advocate"):
        with pytest.raises(Incomplete, match="as it is"):
            opens(served, who)
    assert emergency_offer(served.cast.admin) is None and emergency_offer(served.cast.advocate) is None
    assert emergency_offer(served.cast.dpo) is not None


@pytest.mark.parametrize("sensitivity", ["S", "R"])
def test_sensitive_and_sealed_youth_cannot_be_opened_and_look_like_none(served: Desk, sensitivity: str) -> None:
    before = opens(served)
    make_sensitive(served, sensitivity)
    for attempt in (lambda: opens(served, "colleague"), lambda: open_record(before, served.number, None, served.now)):
        with pytest.raises(NotPermitted) as refusal:
            attempt()
        assert str(refusal.value) == NOT_FOUND


@pytest.mark.parametrize(("code", "reason"), [("", WHY), ("nonsense", WHY), ("danger", "Emergency!"), ("danger", "")])
def test_without_a_reason_nothing_opens(served: Desk, code: str, reason: str) -> None:
    with pytest.raises(Incomplete):
        opens(served, code=code, reason=reason)
    assert now_open(served, "csw_elsewhere").emergencies == frozenset()


def test_it_ends_by_itself_and_at_once(served: Desk) -> None:
    actor = opens(served)
    assert "until" in emergency_words(actor, served.number, served.now)
    assert emergency_words(served.cast.csw, served.number, served.now) == ""
    served.tick()
    served._clock.now += timedelta(hours=4)
    ended = now_open(served, "csw_elsewhere")
    with pytest.raises(EmergencyEnded, match="emergency access to this record has ended"):
        open_record(ended, served.number, None, served.now)
    with pytest.raises(NotPermitted) as another:
        open_record(served.cast.people["elsewhere"], served.number, None, served.now)
    assert str(another.value) == NOT_FOUND, "said to the one who had it only"
    assert opens(served).emergencies == {served.number}, "a new emergency, with a reason of its own"
    with reading() as session:
        assert len(session.scalars(select(EmergencyAccess)).all()) == 2


def test_pressed_twice_it_is_one(served: Desk) -> None:
    opens(served)
    opens(served, reason="Another sentence, the second press.")
    with reading() as session:
        (row,) = session.scalars(select(EmergencyAccess)).all()
    assert row.reason_text == WHY


def test_every_request_reads_what_is_open_and_a_former_worker_has_nothing(served: Desk) -> None:
    dora = served.cast.csw_elsewhere
    with writing() as session:
        cookie = start_session(session, dora.person_id, "10.1.2.3", "", served.now)
    opens(served)
    signed_in = actor_of_session(hash_of(cookie), served.now)
    assert signed_in is not None and signed_in.emergencies == {served.number}
    later = actor_of_session(hash_of(cookie), served.now + timedelta(minutes=20))
    assert later is not None and later.emergencies == {served.number}
    with writing() as session:
        session.execute(update(EmergencyAccess).values(ends_at=served.now + timedelta(minutes=5)))
    later = actor_of_session(hash_of(cookie), served.now + timedelta(minutes=20))
    assert later is not None and later.emergencies == frozenset()


def test_it_reads_and_changes_nothing(served: Desk) -> None:
    token = keep_file(served.cast.advocate, served.number, "photo", "class.pdf", a_pdf(), served.tick()).token
    actor = opens(served)
    with reading() as session:
        before = state(session)
    done = set()
    for name, call in ways_to(actor, served.number):
        try:
            call()
        except Refusal:
            continue
        done.add(name.partition(" of ")[0])
    assert {"documents.read_document", "timeline.line_of_life", "printing.print_document"} <= done
    assert done.isdisjoint({"steps.take_step", "drafts.save", "starting.start", "signatures.sign", "activities.add"})
    assert done.isdisjoint({"client_updates.add", "case_files.keep_file", "other_department.name_other_worker"})
    with reading() as session:
        assert state(session) == before
    assert file_content(actor, token, served.tick())[1] == a_pdf()
    assert not set(PRIVATE) & set(open_document(actor, served.number, served.tick()).answers)


def state(session: object) -> list[tuple[object, ...]]:
    """Everything but the log."""
    tables = [t for t in Youth.metadata.sorted_tables if t.name not in {"access_entry", "access_head"}]
    return [tuple(map(str, session.execute(t.select()).all())) for t in tables]  # type: ignore[attr-defined]


def test_worker_supervisor_and_administration_see_it_marked(served: Desk) -> None:
    actor = opens(served)
    open_record(actor, served.number, Tab.PLAN, served.tick())
    for who in ("csw", "scsw", "admin"):
        looks = who_looked(served.cast.people[who], served.number)
        assert looks is not None
        assert [(look.what, look.emergency) for look in looks.rows[:2]] == [
            ("Opened: Advocacy Plan tab", True),
            ("Open in emergency (The youth is in danger now)", True),
        ]
        assert looks.rows[0].who == "Dora Distant (CSW)" and looks.rows[0].party == "emergency access"
    assert who_looked(actor, served.number) is None


def test_nothing_about_the_youth_in_log_and_email_and_nothing_new_on_the_listing(served: Desk) -> None:
    actor = opens(served, reason="Zoë Canary-Rodríguez called me from Kestrel Court.")
    open_record(actor, served.number, None, served.tick())
    page = access_log(served.cast.admin, LogFilter(), served.now)
    with reading() as session:
        rows = [*session.scalars(select(EmailOwed)), *session.scalars(select(AccessEntry))]
        kept = json.dumps(
            [{c.name: getattr(r, c.name) for c in r.__table__.columns} for r in rows], default=str, ensure_ascii=False
        )
    shown = repr(page)
    assert [word for word in ("Canary", "Zoë", "Kestrel") if word in kept or word in shown] == []
    assert listed(actor).total == 0
    assert verify().findings == ()


def test_two_presses_at_once_are_one_and_two_reviews_at_once_are_one(both: Desk) -> None:
    """On both databases; the e-mail leads the reviewer to the list."""
    dora, now = both.cast.csw_elsewhere, both.tick()
    people = [both.cast.admin, both.cast.admin_second] * 2
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: open_emergency(dora, both.number, "danger", WHY, now), range(4)))
        (line,) = emergency_list(both.cast.admin, both.tick()).waiting

        def reviews(actor: Actor) -> bool:
            try:
                review_emergency(actor, line.id, "justified", "She was found.", both.now)
            except OutOfDate:
                return False
            return True

        assert sum(pool.map(reviews, people)) == 1
    due = claim_due(both.now, "a sender", limit=9)
    assert [(e.template, e.path) for e in due] == [("emergency_to_review", "/access-log?view=emergency")] * 2
    assert verify().findings == ()

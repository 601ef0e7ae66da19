"""What a purge should have removed and did not is found, whatever table it stands in: the check reads the list that the purge follows."""

import pytest
from sqlalchemy import Engine, text

from cts.services.checking import About
from cts.services.checks import BY_KEY, look
from cts.services.emergency_reviews import emergency_list, review_emergency, reviews_waiting_for
from cts.services.purge_rows import EMPTIED_TEXTS, _removed
from cts.services.refusals import OutOfDate
from cts.services.reminders import make_digests
from db.models import EmergencyAccess
from db.session import reading
from tests.parts.beginnings import begun
from tests.parts.desk import Desk
from tests.parts.purged import CANARY, DUE, LATER, purged, two_youth
from tests.parts.reminded import reminders_owed

OF = "(SELECT id FROM assignment WHERE purged_at IS NOT NULL)"
REFERRAL = f"(SELECT id FROM document WHERE kind = 'Referral' AND assignment_id = {OF})"
FUNDS = f"(SELECT id FROM document WHERE kind = 'Restoration Fund Request' AND assignment_id = {OF})"
LEFT = {
    "document_version": "UPDATE document_version SET document_id = {REFERRAL} WHERE round = 1 AND document_id ="
    " (SELECT min(document_id) FROM document_version)",
    "signature": "UPDATE signature SET document_id = {REFERRAL} WHERE id = (SELECT min(id) FROM signature)",
    "client_update": "UPDATE client_update SET assignment_id = {OF}",
    "activity": "UPDATE activity SET assignment_id = {OF}",
    "case_file": "UPDATE case_file SET assignment_id = {OF}",
    "grid_row": "INSERT INTO grid_row (assignment_id, csec_type, start_on) VALUES ({OF}, '6867', '2026-11-02')",
    "legal_hold": "UPDATE legal_hold SET assignment_id = {OF}",
    "purge_mark": "UPDATE purge_mark SET assignment_id = {OF}",
    "answers": "UPDATE document SET sealed_answers = 'x' WHERE id = {REFERRAL}",
    "answers in clear letters": "UPDATE document SET answers = '{{\"a\": 1}}' WHERE id = {REFERRAL}",
    "words among the money": 'UPDATE document SET answers = \'{{"items": [{{"id": "r", "item": "x"}}]}}\' WHERE id = {FUNDS}',
    "facts": "UPDATE document SET facts = '{{\"a\": 1}}' WHERE id = {REFERRAL}",
    "history": "UPDATE history_entry SET reason_text = 'x' WHERE assignment_id = {OF}",
    "details of the history": 'UPDATE history_entry SET details = \'{{"name": "x"}}\' WHERE assignment_id = {OF}',
    "emergency": "UPDATE emergency_access SET reason_text = 'x' WHERE assignment_id = {OF}",
    "stay": "UPDATE stay SET end_reason = 'x' WHERE assignment_id = {OF}",
    "review": "UPDATE emergency_access SET review_note = 'x' WHERE assignment_id = {OF}",
    "column": "UPDATE assignment SET referral_name = 'x' WHERE purged_at IS NOT NULL",
    "youth": "UPDATE assignment SET youth_id = (SELECT min(id) FROM youth WHERE last_name != 'Purged') WHERE purged_at IS NOT NULL",
    "certificate": "DELETE FROM purge_certificate",
}


@pytest.fixture
def one_purged(sqlite_database: Engine) -> Desk:
    """A youth purged as a whole, beside one who is not."""

    def made() -> Desk:
        desk, _ = two_youth()
        purged(desk)
        return desk

    return begun(made, key="one youth purged")


def test_whatever_is_left_of_a_purged_record_is_found(one_purged: Desk) -> None:
    check, whole = BY_KEY["half_purged"], f"Assignment {one_purged.number} is not purged as a whole"
    with reading() as session:
        assert check.find(session, LATER) == []
    for name, statement in LEFT.items():
        with reading() as session:
            for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {trigger}"))
            session.execute(text(statement.format(OF=OF, REFERRAL=REFERRAL, FUNDS=FUNDS).replace(":", "\\:")))
            assert whole in check.find(session, LATER), name


def test_every_table_of_the_list_was_tried() -> None:
    of_rows = {"case_file_content", "document", "history_entry", "emergency_access"}
    assert {table.__tablename__ for table, _ in _removed(1)} | {row.__tablename__ for row in EMPTIED_TEXTS} <= {
        *LEFT,
        *of_rows,
    }


def test_what_was_said_of_an_emergency_goes_and_nothing_is_left_to_review(youth: tuple[Desk, Desk]) -> None:
    desk, other = youth
    ada = desk.cast.people["admin"]
    waiting = {line.number: line.id for line in emergency_list(ada, DUE).waiting}
    purged(desk)
    with reading() as session:
        row = session.get_one(EmergencyAccess, waiting[desk.number])
        assert (row.sealed_reason, row.sealed_note, row.reason_code) == ("", "", "danger")
    assert [(o.key, o.shown) for o in look(LATER, [About.RECORDS]) if o.total] == []
    with pytest.raises(OutOfDate, match="purged since"):
        review_emergency(ada, waiting[desk.number], "justified", f"{CANARY} was found.", LATER)
    assert [line.number for line in emergency_list(ada, LATER).waiting] == [other.number]
    assert reviews_waiting_for(ada, LATER).count == 1
    make_digests(LATER)
    told = {e.details["waiting"] for e in reminders_owed() if e.to_person_id == ada.person_id}
    assert {words for words in told if "emergency" in words} == {
        "1 record opened in an emergency waits for your review"
    }

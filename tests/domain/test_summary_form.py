"""The Client Summary: facts of CWS/CMS, and what the Advocate adds; nothing in it is demanded (mission §5)."""

from datetime import date

from cts.domain.answer_checks import check
from cts.domain.fields import Kind
from cts.forms.client_summary import CLIENT_SUMMARY, FROM_THE_REFERRAL
from cts.forms.referral import REFERRAL
from tests.parts.answers import SUMMARY

TODAY = date(2026, 11, 2)


def test_nothing_is_demanded_and_what_was_written_is_kept() -> None:
    assert check(CLIENT_SUMMARY, {}, {}, TODAY) == []
    assert check(CLIENT_SUMMARY, SUMMARY, {}, TODAY) == []


def test_staff_and_team_are_the_guides() -> None:
    labels = {s.title: [f.label for f in s.fields] for s in CLIENT_SUMMARY.sections}
    assert {"Lead", "Dual", "Service Component", "DCFS / Probation Office"} <= set(labels["Client Information"])
    assert "Emergency Response" in labels["Currently Assigned Staff"]
    assert {"Supportive Relatives", "Law Enforcement Contacts", "PHN", "Child's Attorney"} <= set(
        labels["Additional Team Members"]
    )


def test_what_the_referral_told_already_has_the_same_key_and_is_text_in_both() -> None:
    for key in FROM_THE_REFERRAL:
        told, asked = REFERRAL.field(key), CLIENT_SUMMARY.field(key)
        assert told is not None and asked is not None and told.kind is asked.kind is Kind.TEXT, key


def test_where_the_youth_is_placed_is_withheld_from_the_agency_until_the_alerts_are_acknowledged() -> None:
    assert [f.key for f in CLIENT_SUMMARY.fields() if f.location] == ["placement_type", "awol_code"]

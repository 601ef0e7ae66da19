"""The CSEC Advocacy Referral: its sections, and every rule under which it is accepted (mission §4.1)."""

from datetime import date
from typing import Any

import pytest

from cts.domain.answer_checks import check
from cts.domain.fields import Kind
from cts.forms.referral import REFERRAL
from cts.forms.referral_options import SAFETY_ALERTS, SERVICES
from tests.cast import ANSWERS

TODAY = date(2026, 11, 2)
FACTS: dict[str, Any] = {"lead_agency": "DCFS", "birth_date": "2011-05-06", "awol_code": "N"}


def problems(answers: dict[str, Any], **facts: Any) -> dict[str, str]:
    return {p.field: p.sentence for p in check(REFERRAL, ANSWERS | answers, FACTS | facts, TODAY)}


def born(years: int) -> str:
    """The birth date of somebody who turns that many years old today."""
    return TODAY.replace(year=TODAY.year - years).isoformat()


def test_six_sections_in_the_order_of_the_guide() -> None:
    assert [s.title for s in REFERRAL.sections] == [
        "Section I: Type of referral",
        "Section II: Youth and case",
        "Section III: Staff and team",
        "Section IV: Safety alerts",
        "Section V: Circumstances",
        "Section VI: Signatures",
    ]


def test_every_field_has_a_key_of_its_own_and_a_label() -> None:
    keys = [f.key for f in REFERRAL.fields()]
    assert len(keys) == len(set(keys))
    assert all(f.label for f in REFERRAL.fields())


def test_what_cws_cms_knows_is_not_asked() -> None:
    facts = {f.key for f in REFERRAL.fields() if f.kind is Kind.FACT}
    assert {"youth_name", "birth_date", "age", "sex", "race_ethnicity", "primary_language", "state_id"} <= facts
    assert {"referral_number", "case_number", "pdj_number", "service_component", "placement_type"} <= facts
    assert {"awol_code", "lead_agency", "dual", "grid", "worker_name", "supervisor_name", "office_name"} <= facts


def test_address_and_phone_are_locations_and_sogie_is_private_and_optional() -> None:
    fields = {f.key: f for f in REFERRAL.fields()}
    places = {"youth_phone", "best_way", "living_now", "address", "caregiver", "placement_type", "awol_code"}
    assert {k for k, f in fields.items() if f.location} == places
    private = {"orientation", "gender_identity", "gender_expression"}
    assert {k for k, f in fields.items() if f.private} == private
    assert not any(fields[k].required for k in private)


def test_a_complete_referral_has_no_problem() -> None:
    assert problems({}) == {}


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_each_of_these_answers_is_needed(key: str) -> None:
    assert key in problems({key: None})


@pytest.mark.parametrize("code", ["A", "P", "B", "D"])
def test_not_accepted_while_the_youth_is_absent(code: str) -> None:
    assert problems({}, awol_code=code) == {
        "exception": "A Referral is not accepted while the youth is AWOL or abducted, unless you state an exception."
    }
    assert problems({"exception": "Seen at school every day."}, awol_code=code) == {}


def test_not_accepted_outside_the_county() -> None:
    assert "lives outside Los Angeles County" in problems({"in_county": False})["exception"]
    assert problems({"in_county": False, "exception": "Returns next week."}) == {}


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", None])
def test_an_exception_says_something(blank: str | None) -> None:
    assert "exception" in problems({"in_county": False, "exception": blank})


@pytest.mark.parametrize(
    ("lead", "years", "accepted"),
    [
        ("DCFS", 10, False),
        ("DCFS", 11, True),
        ("DCFS", 18, True),
        ("DCFS", 19, False),
        ("Probation", 10, False),
        ("Probation", 11, True),
        ("Probation", 19, True),
        ("Probation", 21, True),
        ("Probation", 22, False),
    ],
)
def test_ages_served_by_lead_agency(lead: str, years: int, accepted: bool) -> None:
    found = problems({}, lead_agency=lead, birth_date=born(years))
    assert (found == {}) is accepted
    if not accepted:
        assert f"the youth is {years} years old" in found["exception"]
        assert problems({"exception": "Asked for."}, lead_agency=lead, birth_date=born(years)) == {}


def test_the_last_day_of_the_ages_served() -> None:
    assert problems({}, birth_date="2007-11-03") == {}  # turns 19 tomorrow
    assert "exception" in problems({}, birth_date="2007-11-02")  # turned 19 today


def test_all_causes_are_named_in_one_sentence() -> None:
    found = problems({"in_county": False}, awol_code="A", birth_date=born(25))["exception"]
    assert found.count(" and ") == 2 and "AWOL" in found and "outside" in found and "25 years" in found


def test_alerts_must_be_stated_and_each_described() -> None:
    assert "alerts_stated" in problems({"alerts_stated": None})
    assert "alerts" in problems({"alerts_stated": "present"})
    undescribed = {"6403": "Two rifles, unlocked", "6404": "\u200b "}
    said = problems({"alerts_stated": "present", "alerts": undescribed})["alerts"]
    assert said == "Gang affiliation or gang activity: please describe this alert."
    described = dict.fromkeys(SAFETY_ALERTS, "Described.")
    assert len(described) == 12
    assert problems({"alerts_stated": "present", "alerts": described}) == {}


def test_alerts_typed_before_none_was_chosen_do_not_stop_the_referral() -> None:
    assert problems({"alerts_stated": "none", "alerts": {"6403": ""}}) == {}


@pytest.mark.parametrize("key", ["spoke_youth_on", "spoke_caregiver_on"])
def test_a_conversation_was_not_tomorrow_nor_before_the_birth(key: str) -> None:
    assert problems({key: "2026-11-02"}) == {}
    assert problems({key: "2011-05-06"}) == {}
    for wrong in ("2026-11-03", "2011-05-05"):
        assert "must not be in the future or before the youth was born" in problems({key: wrong})[key]


def test_the_date_of_a_conversation_that_was_not_held_does_not_matter() -> None:
    answers = {"spoke_youth": False, "spoke_youth_on": "2027-01-01", "youth_agrees": None}
    assert problems(answers) == {}


def test_a_caregiver_who_was_not_spoken_with_or_does_not_agree_needs_a_why() -> None:
    assert list(problems({"spoke_caregiver": False})) == ["caregiver_why_not"]
    assert list(problems({"caregiver_agrees": False})) == ["caregiver_why_not"]
    assert problems({"spoke_caregiver": False, "caregiver_why_not": "Cannot be found."}) == {}


def test_the_hotline_number_is_asked_only_after_yes_and_must_be_one() -> None:
    assert problems({"hotline": "na"}) == {}
    assert list(problems({"hotline": "yes"})) == ["hotline_number"]
    for right in ("0315-2076-8676-8002051", "0315207686768002051", "0315 2076 8676 8002051"):
        assert problems({"hotline": "yes", "hotline_number": right}) == {}
    said = problems({"hotline": "yes", "hotline_number": "0315"})["hotline_number"]
    assert said.startswith("Hotline referral number: This number has 4 digits and must have 19.")
    assert problems({"hotline": "no", "hotline_number": "0315"}) == {}


def test_services_and_courts_may_be_several_but_not_none() -> None:
    assert problems({"services": list(SERVICES), "courts": ["dependency", "star"]}) == {}
    assert set(problems({"services": [], "courts": []})) == {"services", "courts"}


def test_whether_a_question_is_asked_depends_on_its_own_section_only() -> None:
    """The screen draws one section at a time: an answer in another section would not bring the question up."""
    given = {
        "hotline": "yes",
        "alerts_stated": "present",
        "spoke_youth": True,
        "spoke_caregiver": True,
        "caregiver_agrees": False,
    }
    for section in REFERRAL.sections:
        elsewhere = {k: v for k, v in given.items() if REFERRAL.section_of(k) != section.key}
        assert [f.key for f in section.fields if f.is_shown(elsewhere)] == [
            f.key for f in section.fields if f.is_shown({})
        ]

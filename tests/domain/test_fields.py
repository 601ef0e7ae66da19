"""Fields: what can be kept, what can be sent, how answers read, what a signature is bound to."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.answer_checks import check, value_fault, wrong_with
from cts.domain.answer_words import differences, shown
from cts.domain.fields import (
    LONG_TEXT_LIMIT,
    SHORT_TEXT_LIMIT,
    Field,
    FormSection,
    FormSpec,
    Kind,
    fingerprint,
    is_blank,
)

PETS = {"dog": "A dog", "cat": "A cat"}
TEXT = Field("nick", "Nickname", Kind.TEXT, required=True)
STORY = Field("story", "Story", Kind.LONG_TEXT)
PHONE = Field("phone", "Phone", Kind.PHONE)
DAY = Field("day", "Day", Kind.DATE)
CHOICE = Field("pet", "Pet", Kind.CHOICE, options=PETS)
CHOICES = Field("pets", "Pets", Kind.CHOICES, options=PETS)
YES_NO = Field("likes", "Likes pets", Kind.YES_NO, required=True)
ALERTS = Field("alerts", "Alerts", Kind.ALERTS, options=PETS, required=True, shown_if=lambda a: a.get("likes") is True)
FACT = Field("born", "Date of birth", Kind.FACT, fact_as=Kind.DATE)


def no_monday(answers: Any, _facts: Any, today: date) -> list[tuple[str, str]]:
    return [("day", "Not on a Monday.")] if answers.get("day") and today.weekday() == 0 else []


FORM = FormSpec(
    "Pets",
    1,
    (
        FormSection("one", "Section I", (FACT, TEXT, STORY, PHONE)),
        FormSection("two", "Section II", (DAY, CHOICE, CHOICES, YES_NO, ALERTS)),
    ),
    rules=(no_monday,),
)
MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
COMPLETE: dict[str, Any] = {"nick": "Bo", "likes": False}


@pytest.mark.parametrize("value", [None, "", "  \n\t", "\u200b\u200d\ufeff", [], {}])
def test_nothing_visible_is_no_answer(value: Any) -> None:
    assert is_blank(value)
    assert wrong_with(TEXT, value) == "Nickname: please answer."


@pytest.mark.parametrize("value", [False, 0, "0", ".", "🙂", "ʻ", ["dog"], {"dog": ""}])
def test_an_answer_is_an_answer(value: Any) -> None:
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TEXT, "x" * SHORT_TEXT_LIMIT),
        (STORY, "x" * LONG_TEXT_LIMIT),
        (STORY, "<script>alert(1)</script> **bold** =1+1 \u200b مرحبا 🙂\n\r\t"),
        (PHONE, "(213) 555-0100 ext. 5"),
        (DAY, "2026-11-02"),
        (DAY, "2024-02-29"),
        (CHOICE, "dog"),
        (CHOICES, ["cat", "dog"]),
        (YES_NO, False),
        (ALERTS, {"dog": "It bites", "cat": ""}),
        (TEXT, None),
        (TEXT, ""),
        (DAY, None),
        (DAY, ""),
        (CHOICES, []),
        (ALERTS, {}),
        (PHONE, "  "),
    ],
)
def test_what_can_be_kept(field: Field, value: Any) -> None:
    assert value_fault(field, value) == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (TEXT, "x" * (SHORT_TEXT_LIMIT + 1), "Nickname: 201 characters are too many; the limit is 200."),
        (STORY, "x" * (LONG_TEXT_LIMIT + 1), "Story: 10,001 characters are too many; the limit is 10,000."),
        (TEXT, 7, "please write text"),
        (TEXT, ["a"], "please write text"),
        (TEXT, [], "please write text"),
        (STORY, {}, "please write text"),
        (STORY, "one\0two", "broken character"),
        (STORY, "half \ud83d", "broken character"),
        (DAY, "11/02/2026", "month/day/year"),
        (DAY, "2026-02-29", "month/day/year"),
        (DAY, "20261102", "month/day/year"),
        (DAY, "2026-W44-3", "month/day/year"),
        (DAY, "  ", "month/day/year"),
        (DAY, 20261102, "month/day/year"),
        (DAY, "1899-12-31", "check the year"),
        (DAY, "2101-01-01", "check the year"),
        (CHOICE, "fish", "choose from the list"),
        (CHOICE, ["dog"], "choose from the list"),
        (CHOICES, "dog", "choose from the list"),
        (CHOICES, ["dog", "fish"], "choose from the list"),
        (CHOICES, {}, "choose from the list"),
        (YES_NO, "yes", "choose Yes or No"),
        (YES_NO, 1, "choose Yes or No"),
        (YES_NO, 0, "choose Yes or No"),
        (ALERTS, ["dog"], "choose from the list"),
        (ALERTS, {"fish": "wet"}, "choose from the list"),
        (ALERTS, {"dog": 7}, "choose from the list"),
        (ALERTS, {"dog": "x" * (LONG_TEXT_LIMIT + 1)}, "A dog: 10,001 characters are too many"),
        (ALERTS, {"dog": "\0"}, "broken character"),
        (FACT, "2011-05-06", "comes from CWS/CMS and is changed there"),
        (FACT, "", "comes from CWS/CMS and is changed there"),
    ],
)
def test_what_cannot_be_kept_and_the_sentence(field: Field, value: Any, said: str) -> None:
    assert said in value_fault(field, value)
    assert value_fault(field, value).startswith(field.label) or field is ALERTS


@pytest.mark.parametrize("typed", ["call me", "123456", "1" * 21])
def test_half_a_phone_number_is_kept_in_a_draft_and_named_before_it_is_sent(typed: str) -> None:
    assert value_fault(PHONE, typed) == ""
    assert "phone number with area code" in wrong_with(PHONE, typed)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.sampled_from(FORM.fields()), JSON_VALUES)
def test_any_value_is_judged_without_an_error_and_what_is_kept_can_be_shown(field: Field, value: Any) -> None:
    if value_fault(field, value) == "":
        assert isinstance(shown(field, value), str)


def test_all_problems_are_found_in_the_order_of_the_form() -> None:
    answers = {"phone": "no", "likes": True, "day": "2026-11-02"}
    problems = check(FORM, answers, {}, MONDAY)
    assert [(p.field, p.section) for p in problems] == [
        ("nick", "one"),
        ("phone", "one"),
        ("day", "two"),
        ("alerts", "two"),
    ]
    assert problems[2].sentence == "Not on a Monday."
    assert check(FORM, COMPLETE, {}, MONDAY) == []


def test_a_question_that_is_not_asked_needs_no_answer() -> None:
    assert check(FORM, {**COMPLETE, "likes": False, "alerts": {}}, {}, TUESDAY) == []
    assert [p.field for p in check(FORM, {**COMPLETE, "likes": True}, {}, TUESDAY)] == ["alerts"]


def test_a_rule_does_not_repeat_what_is_wrong_with_the_answer_itself() -> None:
    problems = check(FORM, {**COMPLETE, "day": "yesterday"}, {}, MONDAY)
    assert [p.sentence for p in problems] == ["Day: please give a date as month/day/year."]


@given(st.dictionaries(st.text(max_size=6), JSON_VALUES, max_size=6))
def test_a_fingerprint_does_not_depend_on_the_order_of_answers(answers: dict[str, Any]) -> None:
    reversed_order = dict(reversed(list(answers.items())))
    assert fingerprint(answers) == fingerprint(reversed_order)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "x"}, {"a": "x "}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": True}, {"a": "True"}),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}),
        ({"a": None}, {}),
        ({"a": "é"}, {"a": "e\u0301"}),
        ({"a": "x"}, {"a": "x\u200b"}),
    ],
)
def test_any_change_gives_another_fingerprint(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_answers_as_a_person_reads_them() -> None:
    assert [shown(YES_NO, v) for v in (True, False, None)] == ["Yes", "No", ""]
    assert shown(DAY, "2026-11-02") == "11/02/2026"
    assert shown(CHOICE, "dog") == "A dog"
    assert shown(CHOICES, ["cat", "dog"]) == "A cat, A dog"
    assert shown(ALERTS, {"dog": "It bites", "cat": ""}) == "A dog: It bites\nA cat"
    assert shown(FACT, "2011-05-06") == "05/06/2011"
    assert shown(STORY, "<b>as typed</b>") == "<b>as typed</b>"
    assert shown(CHOICE, "an old code") == "an old code"


def test_differences_name_the_fields_as_they_read() -> None:
    before = {"nick": "Bo", "likes": True, "alerts": {"dog": "It bites"}, "pets": ["dog"], "story": ""}
    after = {"nick": "Bo", "likes": False, "alerts": {"dog": "It bites"}, "pets": ["dog", "cat"], "story": None}
    found = [(d.field.key, d.before, d.after) for d in differences(FORM, before, after)]
    assert found == [
        ("pets", "A dog", "A dog, A cat"),
        ("likes", "Yes", "No"),
        ("alerts", "A dog: It bites", ""),  # no longer asked: reads as unanswered, though its text was kept
    ]
    assert differences(FORM, before, dict(reversed(before.items()))) == []


def test_a_form_knows_its_fields() -> None:
    assert FORM.field("pet") is CHOICE and FORM.field("fish") is None
    assert FORM.section_of("pet") == "two" and FORM.section_of("fish") == ""

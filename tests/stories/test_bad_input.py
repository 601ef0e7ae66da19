"""Whatever is typed: kept exactly as typed and shown as text, or refused with a sentence, and never kept half."""

from typing import Any

import pytest

from cts.domain.answer_words import shown
from cts.services.refusals import Incomplete
from tests.cast import ANSWERS
from tests.parts.desk import Desk

AS_TYPED = [
    "<script>alert('x')</script><img src=http://outside.example/x>",
    "**bold** [link](http://outside.example) ![](http://outside.example/t.gif) :material/home: $x^2$",
    '=HYPERLINK("http://outside.example","x")',
    "+1\t-1\t@SUM(A1)",
    "  spaces kept  \r\n\tand lines\n\n",
    "zero\u200bwidth \u200d\ufeff and right \u202eto left\u202c",
    "Nguyễn Thị Đào · Հակոբյան · 김민준 · محمد · שלום · 王小明 · ភាសាខ្មែរ · ไทย · ਪੰਜਾਬੀ",
    "e\u0301 and é stay apart",
    "emoji 👩‍👩‍👧 and 𐍈 beyond the first plane",
    "{who} {0} %s {{x}} \\x00 \\u0000 NULL '; DROP TABLE youth; --",
    "x" * 10_000,
    "é" * 10_000,
    "𐍈" * 10_000,
]


def test_kept_and_shown_exactly_as_typed_on_both_databases(both: Desk) -> None:
    desk = both
    desk.writes("csw")
    for text in AS_TYPED:
        desk.writes("csw", family=text)
        view = desk.sees("csw")
        assert view.answers["family"] == text
        field = view.spec.field("family")
        assert field is not None and shown(field, text) == text
        assert [p.field for p in view.problems] == []


def test_signed_sent_and_rejected_exactly_as_typed_on_both_databases(both: Desk) -> None:
    desk = both
    together = "\n".join(AS_TYPED)[:10_000]
    desk.writes("csw", **{**ANSWERS, "family": together})
    desk.signs("csw")
    desk.submits("csw")
    assert desk.opens("scsw").answers["family"] == together
    desk.signs("scsw")
    desk.rejects("scsw", "other", together[:2000])
    assert desk.opens("csw").rejection.text == together[:2000]  # type: ignore[union-attr]
    assert desk.opens("csw").history[-1].why == f"Other: {together[:2000]}"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"family": "x" * 10_001}, "10,001 characters are too many; the limit is 10,000"),
    ({"best_way": "x" * 201}, "201 characters are too many; the limit is 200"),
    ({"family": "cut\0off"}, "broken character"),
    ({"family": "cut \ud83d"}, "broken character"),
    ({"family": 7}, "please write text"),
    ({"family": None, "attention": ["a"]}, "please write text"),
    ({"in_county": "yes"}, "choose Yes or No"),
    ({"living_now": "On the moon"}, "choose from the list"),
    ({"services": ["assessment", "magic"]}, "choose from the list"),
    ({"services": "assessment"}, "choose from the list"),
    ({"alerts": {"6403": None}}, "choose from the list"),
    ({"alerts": {"nonsense": "x"}}, "choose from the list"),
    ({"spoke_youth_on": "yesterday"}, "date as month/day/year"),
    ({"no_such_question": "x"}, "There is no such question"),
    ({"birth_date": "2001-01-01"}, "There is no such question"),  # a fact of CWS/CMS is not typed over
    ({"__proto__": "x"}, "There is no such question"),
]


@pytest.mark.parametrize(("answers", "said"), BAD, ids=range(len(BAD)))
def test_refused_with_a_sentence_and_nothing_of_it_is_kept(desk: Desk, answers: dict[str, Any], said: str) -> None:
    desk.writes("csw", family="As it was.")
    before = desk.sees("csw")
    with pytest.raises(Incomplete, match=said) as refusal:
        desk.writes("csw", preferred_name="Good, but sent together with something bad", **answers)
    assert str(refusal.value).endswith("It has not been saved.")
    assert refusal.value.problems[0][0] in answers
    after = desk.sees("csw")
    assert (after.answers, after.version, after.saved_at) == (before.answers, before.version, before.saved_at)


def test_every_bad_answer_is_named_not_only_the_first(desk: Desk) -> None:
    with pytest.raises(Incomplete) as refusal:
        desk.writes("csw", in_county="perhaps", hotline="perhaps", family="fine")
    assert [field for field, _ in refusal.value.problems] == ["in_county", "hotline"]


def test_two_tabs_of_one_person_lose_nothing(desk: Desk) -> None:
    desk.writes("csw", family="From the first tab.")
    desk.writes("csw", attention="From the second tab, opened before.")
    assert desk.sees("csw").answers == {
        "family": "From the first tab.",
        "attention": "From the second tab, opened before.",
    }


def test_saving_the_same_again_is_no_new_version(desk: Desk) -> None:
    desk.writes("csw", family="Typed once.")
    seen = desk.sees("csw").version
    desk.writes("csw", family="Typed once.")
    assert desk.sees("csw").version == seen


def test_nothing_visible_is_not_an_answer(desk: Desk) -> None:
    desk.writes("csw")
    desk.writes("csw", family="\u200b \ufeff", best_way="\u2060")
    assert {p.field for p in desk.sees("csw").problems} == {"family", "best_way"}
    with pytest.raises(Incomplete, match="2 answers need your attention"):
        desk.signs("csw")

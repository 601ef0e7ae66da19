"""The form on the screen: every question asked once, what people typed inert, nothing typed lost."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from cts.domain.answer_checks import check
from cts.domain.fields import Field, Kind
from cts.domain.vocabulary import Action
from cts.forms.referral import REFERRAL
from cts.services.actor import Actor
from cts.services.documents import HIDDEN
from pages.parts.answers import MISSING, canonical, typed_answer, widget_key, widget_values
from pages.parts.on_screen import SCREEN
from tests.browser.keeping import in_another_tab, kept_at
from tests.browser.people import CSW, arrive, question
from tests.cast import ANSWERS, Cast
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts
from tests.parts.desk import Desk

CANARY = "![x](https://canary.example/x.png) **bold** :red[red] <b>x</b> :smile: $x$"
MARKUP = ("markdown", "header", "subheader", "title", "caption", "toast", "metric")


def script(actor: "Actor", number: int) -> None:
    import streamlit as st

    from cts.domain.vocabulary import Document
    from pages.parts.document_screen import show_document
    from pages.shell.menu import ENTRIES, st_page

    st.navigation([st_page(entry, actor) for entry in ENTRIES], position="top")
    show_document(actor, number, Document.REFERRAL, st.session_state.setdefault("first", True))
    st.session_state["first"] = False
    st.session_state["all"] = st.session_state.to_dict()


def page_of(actor: Actor, number: int) -> AppTest:
    page = AppTest.from_function(script, args=(actor, number), default_timeout=30).run()
    assert [e.value for e in page.exception] == []
    return page


def widgets(page: AppTest) -> dict[str, Any]:
    """Every widget on the page that asks a question, by key."""
    kinds = ("text_input", "text_area", "date_input", "radio", "selectbox", "button_group", "checkbox")
    return {w.key: w for kind in kinds for w in page.get(kind) if w.key}


def texts(page: AppTest) -> list[str]:
    """All that is set as text: by Streamlit, and by our own components."""
    return [e.value for e in page.text] + [text for e in page.get("bidi_component") for text in _within(e.proto.bytes)]


def _within(told: bytes) -> list[str]:
    found: list[str] = []

    def collect(part: Any) -> None:
        if isinstance(part, str):
            found.append(part)
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            collect(inner)

    collect(json.loads(told))
    return found


def fields(*kinds: Kind) -> list[Field]:
    return [f for f in REFERRAL.fields() if f.kind in kinds]


def test_every_question_is_asked_once_and_no_fact_can_be_typed_over(cast: Cast) -> None:
    page = page_of(cast.csw, cast.dcfs_number)
    asked = widgets(page)
    always = [f for f in REFERRAL.fields() if f.kind is not Kind.FACT and f.is_shown({})]
    assert set(asked) == {widget_key(f.key, str(cast.dcfs_number)) for f in always}
    for field in always:
        assert asked[widget_key(field.key, str(cast.dcfs_number))].label.endswith(" *") is field.required
    shown = texts(page)
    assert "Canary-Rodríguez, Zoë" in shown
    assert shown.count("CWS/CMS 11/02/2026") > 10


def test_a_form_that_is_only_looked_at_holds_nothing_to_save(cast: Cast) -> None:
    """Whatever order or gaps the stored answers have, showing them is not a change."""
    desk = Desk(cast, cast.dcfs_number)
    stored = {
        "services": ["linkage", "assessment"],
        "preferred_name": "",
        "alerts_stated": "present",
        "alerts": {"6409": "x"},
    }
    desk.writes("csw", **ANSWERS | stored)
    page = page_of(cast.csw, cast.dcfs_number)
    state = page.session_state["all"]
    on_screen = {f.key: typed_answer(f, str(cast.dcfs_number), state) for f in REFERRAL.fields()}
    known = state[SCREEN].known
    assert on_screen["services"] == ["assessment", "linkage"]
    assert {k: v for k, v in on_screen.items() if v is not MISSING and v != known[k]} == {}


def test_a_browser_that_missed_the_first_drawing_begins_with_the_answers(cast: Cast) -> None:
    """What Streamlit tells the browser once only may never be seen: a widget that begins empty saves its emptiness over the answer."""
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw", **ANSWERS | {"alerts_stated": "present", "alerts": {"6409": "x"}, "preferred_name": "Sky"})
    page = page_of(cast.csw, cast.dcfs_number).run()
    begins = {
        "text_input": lambda p: p.default,
        "text_area": lambda p: p.default,
        "date_input": lambda p: list(p.default),
        "radio": lambda p: p.default if p.HasField("default") else None,
        "selectbox": lambda p: p.default if p.HasField("default") else None,
        "button_group": lambda p: list(p.default),
        "checkbox": lambda p: p.default,
    }
    protos = {key: (w.proto, begins[w.type]) for key, w in widgets(page).items()}
    assert not any(proto.set_value for proto, _ in protos.values())
    begun = {key: begin(proto) for key, (proto, begin) in protos.items()}
    place = str(cast.dcfs_number)
    held = page.session_state["all"]
    for field in REFERRAL.fields():
        for key, value in widget_values(field, held[SCREEN].known[field.key], place).items():
            if key in begun:
                assert begun[key] == as_told(field, value), key
    assert sum(bool(value) for value in begun.values()) > 10


def as_told(field: Field, value: Any) -> Any:
    """The answer as Streamlit tells it to the browser: choices by their place."""
    if field.kind is Kind.DATE:
        return [value.isoformat()] if value else []
    if field.kind is Kind.CHOICES:
        return [list(field.options or {}).index(option) for option in value]
    if field.kind is Kind.YES_NO:
        return None if value is None else [True, False].index(value)
    if field.kind is Kind.CHOICE:
        return None if value is None else list(field.options or {}).index(value)
    return value


@pytest.mark.parametrize("field", [f for f in REFERRAL.fields() if f.kind is not Kind.FACT], ids=lambda f: f.key)
def test_what_the_widgets_hold_is_the_answer(field: Field) -> None:
    options = list(field.options or {})
    answers: dict[Kind, list[Any]] = {
        Kind.TEXT: [CANARY, "  ", "ễ\u200b"],
        Kind.LONG_TEXT: [CANARY, "a\n\nb"],
        Kind.PHONE: ["213-555-0100"],
        Kind.DATE: ["2026-10-28", "1900-01-01"],
        Kind.YES_NO: [True, False],
        Kind.CHOICE: options,
        Kind.CHOICES: [options[:1], options],
        Kind.ALERTS: [dict.fromkeys(options[1:3], CANARY), dict.fromkeys(options, "")],
    }
    for answer in [*answers[field.kind], None]:
        state = widget_values(field, answer, "10001")
        assert typed_answer(field, "10001", state) == answer
        assert canonical(field, answer) == answer
    assert typed_answer(field, "10002", state) is MISSING


def test_what_people_typed_is_never_read_as_markup(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    typed = {f.key: CANARY for f in fields(Kind.TEXT, Kind.LONG_TEXT) if f.key != "hotline_number"}
    alerts = {"alerts_stated": "present", "alerts": {"6409": CANARY}}
    desk.writes("csw", **ANSWERS | typed | alerts | {"in_county": False})
    assert check(REFERRAL, desk.sees("csw").answers, desk.sees("csw").facts.values, desk.now.date()) == []
    desk.signs("csw")
    desk.takes("csw", Action.SUBMIT, supervisor_id=cast.scsw.person_id)
    desk.signs("scsw")
    desk.takes("scsw", Action.REJECT, reason_code="other", reason_text=CANARY)
    desk.writes("csw", attention=CANARY + " again")
    desk.signs("csw")
    desk.takes("csw", Action.SUBMIT, supervisor_id=cast.scsw.person_id)
    for who in ("csw", "scsw"):
        page = page_of(cast.people[who], cast.dcfs_number)
        assert sum(CANARY in text for text in texts(page)) > 12
        markup = [e.value for kind in MARKUP for e in page.get(kind)] + [b.label for b in page.button]
        assert [text for text in markup if "canary" in str(text)] == []


def test_the_agency_reads_no_address_before_the_alerts_are_acknowledged(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.writes("csw", **ANSWERS | {"address": "1 Canary Road", "youth_phone": "213-555-0177", "orientation": "Gay"})
    desk.signs("csw")
    desk.takes("csw", Action.SUBMIT, supervisor_id=cast.scsw.person_id)
    desk.signs("scsw")
    desk.takes("scsw", Action.APPROVE)
    desk.takes("admin", Action.APPROVE, agency_id=cast.agencies["Harbor Light Advocacy"])
    page = page_of(cast.coordinator, cast.dcfs_number)
    seen = "\n".join(texts(page))
    assert HIDDEN in seen
    assert not {"1 Canary Road", "213-555-0177", "Gay", "Text after school"} & set(texts(page))
    assert "orientation" not in seen and [c.value for c in page.caption] == []


def test_each_missing_button_says_why(cast: Cast) -> None:
    page = page_of(cast.csw, cast.dcfs_number)
    assert "Submit: Your signature is needed first: choose Sign." in texts(page)
    assert {b.label for b in page.button} == {"Sign"}


# In a real browser


def open_form(new_page: NewPage, cts: RunningCts) -> Page:
    page = arrive(new_page, cts, CSW)
    page.get_by_role("combobox", name="Status").select_option("New")
    page.get_by_role("table", name="Assignment Listing").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="CSEC Advocacy Referral")).to_be_visible()
    return page


@pytest.mark.browser
def test_typing_is_saved_in_the_pauses_and_the_caret_stays(new_page: NewPage, running_cts: RunningCts) -> None:
    page = open_form(new_page, running_cts)
    for name in ("Describe current family dynamics and family involvement", "Child's attorney"):
        box = question(page, name)
        box.fill("")
        box.press_sequentially("Hello")
        box.press("ArrowLeft")
        expect(page.get_by_text("Saved ")).to_be_visible()
        page.wait_for_timeout(2500)
        expect(box).to_be_focused()
        box.press_sequentially("~")
        expect(box).to_have_value("Hell~o")
        in_another_tab(page, name, "Hell~o").close()


@pytest.mark.browser
@pytest.mark.parametrize("leave", ["close", "link", "address"])
def test_nothing_typed_is_lost_by_leaving_at_once(new_page: NewPage, running_cts: RunningCts, leave: str) -> None:
    page = open_form(new_page, running_cts)
    url, context = page.url, page.context
    for name in ("Describe current family dynamics", "Child's attorney"):
        words = f"Typed, then {leave}"
        page.get_by_role("textbox", name=name).fill(words)
        if leave == "close":
            page.close(run_before_unload=True)
            page = context.new_page()
        elif leave == "link":
            page.get_by_role("link", name="Account").click()
            expect(page.get_by_role("heading", name="Account")).to_be_visible()
        kept_at(url, page, lambda page, name=name: page.get_by_role("textbox", name=name), words)


@pytest.mark.browser
def test_a_problem_leads_to_its_question_and_a_fault_keeps_what_was_typed(
    new_page: NewPage, running_cts: RunningCts
) -> None:
    page = open_form(new_page, running_cts)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="before you can sign")).to_be_in_viewport()
    page.get_by_role("link", name="CSW/DPO phone").click()
    phone = page.get_by_role("textbox", name="CSW/DPO phone", exact=False).first
    expect(phone).to_be_focused()
    phone.fill("1" * 201)
    phone.press("Tab")
    expect(page.get_by_text("It has not been saved.")).to_be_visible()
    expect(phone).to_have_value("1" * 201)
    phone.fill("213-555-0100")
    phone.press("Tab")
    expect(page.get_by_text("It has not been saved.")).to_have_count(0)
    expect(page.get_by_role("link", name="CSW/DPO phone")).to_have_count(0)

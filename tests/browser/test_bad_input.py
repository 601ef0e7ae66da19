"""What people type is kept and shown as typed and does nothing; what cannot be kept is said beside the field; nothing typed is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.beforehand import write_beforehand
from tests.browser.inert import expect_inert
from tests.browser.looking import words_on
from tests.browser.people import (
    COLLEAGUE,
    CSW,
    SCSW,
    act,
    arrive,
    confirm,
    download_pdf,
    expect_saved,
    find_new,
    go_to_assignment,
    listed,
    open_assignment,
    pick,
    question,
    reject,
    sign,
    sign_in,
    submit_to,
    table,
    write,
)
from tests.parts.chromium import NewPage
from tests.parts.cts_server import RunningCts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ATTENTION = "Describe how the youth came to the attention of DCFS/Probation"
FAMILY = "Describe current family dynamics and family involvement"
MARKDOWN = "![x](http://outside.example/x.gif) [here](http://outside.example) **bold** :material/home: $x^2$"
TYPED = {
    "Preferred name": '<img src="http://outside.example/y.gif" onerror="window.ran=1"><b>Z</b>',
    "Caregiver (name, relationship, phone)": '=HYPERLINK("http://outside.example","open")',
    "Child's attorney": "+1+cmd|' /C calc'!A0",
    "Public Health Nurse (PHN)": "Zoë Ñúñez-O’Brien, Nguyễn Thị Hồng, Оксана, 김민지, 李小龍, أمل, ប៊ុន",
    "Therapist (DMH)": "no\u200bbody\u200d\u2060 sees\ufeff this",
    "Educational rights holder": MARKDOWN,
    ATTENTION: f"# Not a heading\n\n- {MARKDOWN}\n\n<script>window.ran = 1</script>\n<a href='http://outside.example'>go</a>",
    FAMILY: "ten thousand " * 769 + "end",
}
assert len(TYPED[FAMILY]) == 10_000


def test_texts_are_kept_and_shown_as_typed_and_do_nothing(
    running_cts: RunningCts, new_page: NewPage, tmp_path: Path
) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    write_beforehand(running_cts, number, CSW)
    open_assignment(csw, number)
    for label, text in TYPED.items():
        write(csw, label, text)
    expect_saved(csw)
    csw.reload()
    for label, text in TYPED.items():
        expect(question(csw, label)).to_have_value(text)
    expect_inert(csw)
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)

    scsw = arrive(new_page, running_cts, SCSW, f"/assignment?number={number}")
    expect(scsw.get_by_role("heading", name="Section VI: Signatures")).to_be_visible()
    shown = words_on(scsw)
    assert [label for label, text in TYPED.items() if text not in shown] == []
    expect_inert(scsw)
    download_pdf(scsw, tmp_path / "typed.pdf")
    paper = "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / "typed.pdf").pages)
    for label in ("Preferred name", "Caregiver (name, relationship, phone)", ATTENTION):
        assert "".join(TYPED[label].split()) in paper
    assert all("/Annots" not in page for page in PdfReader(tmp_path / "typed.pdf").pages)

    sign(scsw, SCSW.name)
    reject(scsw, "Other", TYPED[ATTENTION])
    go_to_assignment(csw, number)
    expect(csw.get_by_text("Rejected by Victor Daniels")).to_be_visible()
    assert f"Other: {TYPED[ATTENTION]}" in words_on(csw)
    expect_inert(csw)


def test_what_cannot_be_kept_is_said_beside_the_field_and_stays_there(
    running_cts: RunningCts, new_page: NewPage
) -> None:
    page = arrive(new_page, running_cts, COLLEAGUE)
    number = find_new(page, but=("Salas",))
    open_assignment(page, number)
    write(page, "Preferred name", "Kim")
    write(page, ATTENTION, "x" * 10_001)
    expect(
        page.get_by_text("10,001 characters are too many; the limit is 10,000. It has not been saved.")
    ).to_be_visible()
    write(page, "Child's attorney", "y" * 201)
    expect(page.get_by_text("201 characters are too many; the limit is 200. It has not been saved.")).to_be_visible()
    expect(question(page, ATTENTION)).to_have_value("x" * 10_001)
    expect(question(page, "Preferred name")).to_have_value("Kim")
    write(page, ATTENTION, "x" * 10_000)
    expect(page.get_by_text("10,001 characters are too many")).to_have_count(0)
    expect(question(page, "Child's attorney")).to_have_value("y" * 201)

    # Sign on a form with gaps: all of them on top, each leading to its field, and nothing typed is gone.
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="need your attention before you can sign")).to_be_visible()
    page.get_by_role("link", name="CSW/DPO phone", exact=True).click()
    expect(question(page, "CSW/DPO phone")).to_be_focused()
    page.keyboard.type("213-555-0100")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="CSW/DPO phone", exact=True)).to_have_count(0)
    expect(question(page, "Preferred name")).to_have_value("Kim")
    page.reload()
    expect(question(page, ATTENTION)).to_have_value("x" * 10_000)
    expect(question(page, "Child's attorney")).to_have_value("")


def test_a_dialog_says_what_is_missing_and_keeps_what_was_typed(running_cts: RunningCts, new_page: NewPage) -> None:
    csw = arrive(new_page, running_cts, CSW)
    number = find_new(csw)
    write_beforehand(running_cts, number, CSW)
    open_assignment(csw, number)
    dialog = act(csw, "Sign")
    dialog.get_by_label("Full name").fill("Somebody Else")
    dialog.get_by_label("Passphrase", exact=True).fill("wrong")
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(dialog.get_by_text("Please type your name as it stands in CTS: Guadalupe Harris.")).to_be_visible()
    expect(dialog.get_by_label("Full name")).to_have_value("Somebody Else")
    expect(dialog.get_by_label("Passphrase", exact=True)).to_have_value("")
    dialog.get_by_label("Full name").fill(CSW.name)
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(dialog.get_by_text("passphrase is not right")).to_be_visible()
    expect(dialog.get_by_label("Full name")).to_have_value(CSW.name)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(csw.get_by_text("Not signed")).to_have_count(2)
    sign(csw, CSW.name)
    submit_to(csw, SCSW.name)

    scsw = arrive(new_page, running_cts, SCSW, f"/assignment?number={number}")
    sign(scsw, SCSW.name)
    no = act(scsw, "Reject")
    no.get_by_label("What is to be changed, or why").fill("Only words, no reason from the list")
    no.get_by_role("button", name="Reject", exact=True).click()
    expect(no.get_by_text("Please choose a reason from the list.")).to_be_visible()
    expect(no.get_by_label("What is to be changed, or why")).to_have_value("Only words, no reason from the list")
    pick(no, "Reason", "Other")
    confirm(no, "Reject", "You rejected the Referral")


def test_the_search_says_which_number_or_date_it_cannot_read(running_cts: RunningCts, new_page: NewPage) -> None:
    page = arrive(new_page, running_cts, CSW)
    question(page, "Youth Last Name").fill("Nobodyatall")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("heading", name="Elsewhere in the county", exact=True)).to_be_visible()
    question(page, "Referral #").fill("3468-2330-1751-718245")
    question(page, "Youth DOB").fill("02/30/2011")
    question(page, "Youth Last Name").fill("Rodriguez <b>")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("19 digits")).to_be_visible()
    expect(page.get_by_text("There is no such day.")).to_be_visible()
    expect(question(page, "Referral #")).to_have_value("3468-2330-1751-718245")
    expect(question(page, "Youth Last Name")).to_have_value("Rodriguez <b>")
    # Nothing was searched for: what the search before found is no answer to this one, and the listing stands as without a search.
    expect(page.get_by_text("Nothing was searched: something typed above cannot be right.")).to_be_visible()
    expect(page.get_by_role("heading", name="Elsewhere in the county", exact=True)).to_have_count(0)
    expect(table(page).get_by_role("rowheader")).not_to_have_count(0)


def test_a_link_survives_sign_in_and_back_leads_back(running_cts: RunningCts, new_page: NewPage) -> None:
    page = new_page(base_url=running_cts.base_url)
    page.goto("/?status=New&sort=-youth")
    sign_in(page, CSW)
    expect(table(page)).to_be_visible()
    assert page.url == f"{running_cts.base_url}/?status=New&sort=-youth"
    number = find_new(page)
    for back in (lambda: page.get_by_role("link", name="Back", exact=True).click(), page.go_back):
        open_assignment(page, number)
        back()
        expect(listed(page, number)).to_be_visible()
        assert page.url == f"{running_cts.base_url}/?status=New&sort=-youth"
    page.go_forward()
    expect(page.get_by_text(f"Assignment # {number}", exact=True)).to_be_visible()

"""What the paper says of the state of a Referral: which submission it is, and who has not signed."""

from io import BytesIO

from pypdf import PdfReader

from cts.services.printing import print_document
from tests.parts.desk import Desk


def paper(desk: Desk, who: str) -> tuple[str, str]:
    """The end of the file's name, and all that is on its pages."""
    file = print_document(desk.cast.people[who], desk.number, desk.tick())
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages).split())
    assert "Section VI: Signatures" in text
    return file.name.removeprefix(f"Referral-{desk.number}-"), text


def test_the_paper_says_who_has_not_signed(desk: Desk) -> None:
    desk.writes("csw")
    _, unsigned = paper(desk, "csw")
    assert "CSW/DPO: Not signed" in unsigned.replace("SCSW", "") and "SCSW/SDPO: Not signed" in unsigned
    desk.signs("csw")
    _, signed = paper(desk, "csw")
    assert "Signed " in signed and signed.count("Not signed") == 1 and "SCSW/SDPO: Not signed" in signed
    desk.writes("csw", family="One more word.")
    assert paper(desk, "csw")[1].count("Not signed") == 2, "a signature that no longer holds is none"
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    assert "Not signed" not in paper(desk, "scsw")[1]


def test_the_paper_counts_submissions_not_saves(desk: Desk) -> None:
    desk.writes("csw", best_way="Call")
    name, text = paper(desk, "csw")
    assert name == "draft.pdf" and "Draft" in text and "ersion 1" not in text
    desk.brings_to_supervisor()
    name, text = paper(desk, "scsw")
    assert name == "version-1.pdf" and "Version 1" in text and "Draft" not in text
    desk.signs("scsw")
    desk.rejects("scsw")
    name, text = paper(desk, "csw")
    assert name == "draft-of-version-2.pdf" and "Draft of version 2" in text
    assert paper(desk, "scsw")[0] == "version-1.pdf", "what was returned is what the supervisor reads"
    desk.brings_to_supervisor()
    assert paper(desk, "csw")[0] == "version-2.pdf"


def test_a_withdrawn_referral_says_so_across_the_page(desk: Desk) -> None:
    desk.writes("csw")
    desk.closes("admin")
    assert "WITHDRAWN" in "".join(paper(desk, "csw")[1].split())


def test_of_a_draft_that_is_not_theirs_others_read_the_facts_only(desk: Desk) -> None:
    desk.writes("csw")
    text = paper(desk, "scsw")[1]
    assert "Youth name" in text or "Last name" in text
    assert "Told by the school counselor." not in text and "Circumstances" not in text

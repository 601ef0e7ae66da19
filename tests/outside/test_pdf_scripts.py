"""Names in every script of the county's people are legible in a PDF, regular and bold."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from cts.outside.pdf import PrintedSignature
from cts.outside.pdf_fonts import BOLD, REGULAR, assign, packaged_families
from cts.outside.pdf_text import wrap
from tests.outside.test_pdf import read, text_of, with_answers

NAMES = {
    "Vietnamese": "Nguyễn Thị Bích Phượng",
    "Vietnamese, accents apart": "Nguye\u0302\u0303n",
    "Spanish": "José Ángel Núñez Güereña",
    "Tagalog": "Ma. Niña Dimaculangan",
    "Samoan and Hawaiian": "Faʻafetai Kealiʻi",
    "Armenian": "Գրիգոր Հովհաննիսյան",
    "Russian": "Екатерина Щербакова",
    "Greek": "Ελένη Παπαδοπούλου",
    "Arabic": "محمد عبد الله الخطيب",
    "Farsi": "علی‌رضا گُل‌محمدی پژمان",
    "Hebrew": "שרה בן־גוריון",
    "Chinese": "王小明 欧阳娜 陳淑芬 龔鑫",
    "Japanese": "髙橋 さくら ユウタ",
    "Korean": "김민준 이서연",
    "Thai": "ณัฐพงษ์ ศรีสุวรรณ์",
    "Khmer": "សុខ ចាន់ធូ ស្រីពៅ",
    "Lao": "ສົມສັກ ຄຳພູ",
    "Burmese": "အောင်ဆန်းစုကြည်",
    "Devanagari": "श्रीकृष्ण क्षत्रिय",
    "Bengali": "শেখ হাসিনা",
    "Telugu": "శ్రీకృష్ణ వేంకటేశ్వర్లు",
    "Tamil": "தமிழ்ச்செல்வி",
    "Ethiopic": "አበበ በቀለ",
    "Georgian": "გიორგი",
}
WEIGHTS = pytest.mark.parametrize("weight", [REGULAR, BOLD], ids=["regular", "bold"])


def printed(name: str, weight: int) -> PdfReader:
    """A document in which the name stands once, as an answer (regular) or as that of a signer (bold)."""
    signer = PrintedSignature(name if weight == BOLD else "-", "CSW", None, "11/02/2026", "3f9a")
    return read(replace(with_answers("-" if weight == BOLD else name), signatures=(signer,)))


def letters(text: str) -> Counter[str]:
    """How often each letter is there, without spaces and invisible characters."""
    plain = unicodedata.normalize("NFC", text)
    return Counter(letter for letter in plain if not letter.isspace() and unicodedata.category(letter) != "Cf")


def embedded(reader: PdfReader) -> Iterator[tuple[str, TTFont]]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            kind = font.get_object()
            descriptor = kind["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            yield kind["/BaseFont"], TTFont(BytesIO(descriptor["/FontFile2"].get_data()))


@WEIGHTS
@pytest.mark.parametrize("script", NAMES)
def test_every_letter_of_the_name_is_on_paper_once(script: str, weight: int) -> None:
    """Compared as counts: readers give letters written from the right, and vowels drawn first, in another order."""
    with_name, without = text_of(printed(NAMES[script], weight)), text_of(printed("-", weight))
    assert letters(with_name) - letters(without) == letters(NAMES[script])
    assert "□" not in with_name


@WEIGHTS
@pytest.mark.parametrize("script", NAMES)
def test_a_cut_out_font_shapes_a_name_as_the_whole_font_does(script: str, weight: int) -> None:
    """Same number of glyphs, same places: nothing the shaper asks for was cut away, and no glyph is the missing one."""
    shares = assign(NAMES[script])
    for word in NAMES[script].split():
        family = next(family for family in shares if ord(word[0]) in shares[family])
        assert {ord(letter) for letter in word} <= shares[family], "a word is shown by one font"
        file = family.bold if weight == BOLD else family.regular
        whole = hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))
        whole.set_variations({"wght": weight, "wdth": 100})
        cut = hb.Font(hb.Face(family.cut(shares[family], weight)))
        found, expected = places(cut, word), places(whole, word)
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, abs=2), "apart from rounding"


def places(font: hb.Font, word: str) -> list[tuple[int, int, int, int]]:
    buffer = hb.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    assert all(info.codepoint for info in buffer.glyph_infos), "0 is the missing glyph"
    return [
        (info.cluster, position.x_advance, position.x_offset, position.y_offset)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


@pytest.mark.parametrize("script", NAMES)
def test_bold_is_bolder_than_regular(script: str) -> None:
    """The same letters carry more ink: the outlines of the two weights enclose areas of their own."""
    for family, share in assign(NAMES[script]).items():
        if share == {0x20}:
            continue
        areas = []
        for weight in (REGULAR, BOLD):
            font = TTFont(BytesIO(family.cut(share - {0x20}, weight)))
            areas.append([ink(font, name) for name in font.getBestCmap().values()])
        heavier = sum(bold > regular for regular, bold in zip(*areas, strict=True))
        drawn = sum(regular > 0 for regular in areas[0])
        assert heavier >= drawn * 0.9, family.name


def ink(font: TTFont, glyph: str) -> float:
    from fontTools.pens.areaPen import AreaPen

    pen = AreaPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return abs(pen.value)


@WEIGHTS
def test_fonts_are_embedded_and_cut_to_what_is_used(weight: int) -> None:
    reader = printed(" ".join(NAMES.values()), weight)
    found = {base for base, _ in embedded(reader)}
    ending = "-Bold" if weight == BOLD else "-Regular"
    for script in (
        "Arabic",
        "Hebrew",
        "Thai",
        "Khmer",
        "Lao",
        "Bengali",
        "Ethiopic",
        "Myanmar",
        "Telugu",
        "Tamil",
        "JP",
        "KR",
    ):
        assert any(base.endswith(f"NotoSans{script}{ending}") for base in found), script
    assert any(base.endswith(f"DejaVuSans{ending}") for base in found), "Armenian and Georgian"
    for base, font in embedded(reader):
        assert len(font.getGlyphOrder()) < 250, base
        assert "fvar" not in font, "cut at one weight"


def test_arabic_letters_are_joined_and_their_vowels_stay_with_them() -> None:
    """Joined forms are other glyphs than those of the letters alone; so the two words use other outlines."""
    glyphs = []
    for text in ("گُل", "گ ُ ل"):
        fonts = [font for base, font in embedded(printed(text, REGULAR)) if "Arabic" in base]
        glyphs.append(
            {
                tuple(font["glyf"][name].getCoordinates(font["glyf"])[0])
                for font in fonts
                for name in font.getGlyphOrder()
            }
        )
    assert glyphs[0] and not glyphs[0] >= glyphs[1]


def test_han_letters_take_the_shapes_of_the_documents_country() -> None:
    def shown_by(text: str) -> str:
        return next(family.name for family, share in assign(text).items() if ord("直") in share)

    assert shown_by("直") == "NotoSansSC"
    assert shown_by("直 さくら") == "NotoSansJP"
    assert shown_by("直 김") == "NotoSansKR"


def test_all_the_fonts_of_the_requirements_are_found() -> None:
    assert len(packaged_families()) == 17


def test_lines_break_between_words_syllables_and_ideographs_and_lose_nothing() -> None:
    for text in (*NAMES.values(), "one two-three/four  five", "孩子的母亲说，她希望。" * 5, "ความช่วยเหลือจากที่ปรึกษา" * 4):
        for width in (1, 4, 7, 30):
            lines = wrap(text, width, lambda part: float(len(part)))
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            for line in lines:
                assert not line or not unicodedata.category(line[0]).startswith("M"), "a mark without its letter"
                assert not re.match("[。，]", line) or width == 1
    assert wrap("", 10, len) == [""]
    assert wrap("a\n\nb", 10, len) == ["a", "", "b"]
    assert wrap("aaa bbb ccc", 7, len) == ["aaa bbb", "ccc"]

"""Which font shows which letter, and the few glyphs a document needs cut out of it.

The fonts are data in packages of requirements.in (none of their code runs) or Debian's fonts on the machine. They are
variable, up to 17 MB each and hold 30,000 glyphs; HarfBuzz cuts the letters of one document out at the wanted weight in
a few milliseconds, so neither memory nor the file grows with the font.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

REGULAR, BOLD = 400, 700
_NORMAL_WIDTH = 100

# Before those of the next line; the first that has a letter shows it. Chinese, Japanese and Korean come last: they
# share ideographs, and their order depends on the document (see _in_order).
_PACKAGED = (
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", None),
    ("justmytype_intl_rtl", "fonts/ofl/notosansarabic/NotoSansArabic[wdth,wght].ttf", None),
    ("justmytype_intl_rtl", "fonts/ofl/notosanshebrew/NotoSansHebrew[wdth,wght].ttf", None),
    ("justmytype_intl_sea", "fonts/ofl/notosansthai/NotoSansThai[wdth,wght].ttf", None),
    ("justmytype_intl_sea", "fonts/ofl/notosanskhmer/NotoSansKhmer[wdth,wght].ttf", None),
    ("justmytype_intl_sea", "fonts/ofl/notosanslao/NotoSansLao[wdth,wght].ttf", None),
    ("justmytype_intl_sea", "fonts/ofl/notosansmyanmar/NotoSansMyanmar[wdth,wght].ttf", None),
    ("justmytype_intl_south_asia", "fonts/ofl/notosansdevanagari/NotoSansDevanagari[wdth,wght].ttf", None),
    ("justmytype_intl_south_asia", "fonts/ofl/notosansbengali/NotoSansBengali[wdth,wght].ttf", None),
    ("justmytype_intl_south_asia", "fonts/ofl/notosanstamil/NotoSansTamil[wdth,wght].ttf", None),
    ("justmytype_intl_south_asia", "fonts/ofl/notosanstelugu/NotoSansTelugu[wdth,wght].ttf", None),
    ("justmytype_intl_africa", "fonts/ofl/notosansethiopic/NotoSansEthiopic[wdth,wght].ttf", None),
    # Armenian, Georgian, symbols, and the box that stands for a letter no font has.
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf", "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
    ("justmytype_intl_cjk", "fonts/ofl/notosanssc/NotoSansSC[wght].ttf", None),
    ("justmytype_intl_cjk", "fonts/ofl/notosanstc/NotoSansTC[wght].ttf", None),
    ("justmytype_intl_cjk", "fonts/ofl/notosansjp/NotoSansJP[wght].ttf", None),
    ("justmytype_intl_cjk", "fonts/ofl/notosanskr/NotoSansKR[wght].ttf", None),
)
# Where a machine keeps fonts of its own; read only for letters that the packages do not have.
_MACHINE_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


class NoFontError(RuntimeError):
    """No usable font is installed: the environment was not made from requirements.txt."""


@dataclass(frozen=True)
class Family:
    """A font in both weights: one variable file, or a regular and a bold one. Collections (.ttc): their first face."""

    name: str
    regular: Path
    bold: Path

    @property
    def letters(self) -> Any:
        """The set of code points the font can show (HarfBuzz's compact set)."""
        return _letters(self.regular)

    def cut(self, letters: Iterable[int], weight: int) -> bytes:
        """A small static TrueType font with these letters only, and all their joined and stacked forms."""
        import uharfbuzz as hb

        face = _face(self.bold if weight == BOLD else self.regular)
        wanted = hb.SubsetInput()
        wanted.unicode_set.update(letters)
        for axis in face.axis_infos:
            position = {"wght": weight, "wdth": _NORMAL_WIDTH}.get(axis.tag, axis.default_value)
            wanted.pin_axis_location(face, axis.tag, position)
        data: bytes = hb.subset(face, wanted).blob.data
        return data


@lru_cache(maxsize=64)
def _face(path: Path) -> Any:
    import uharfbuzz as hb

    return hb.Face(hb.Blob.from_file_path(str(path)))  # mapped from disk, not read


@lru_cache(maxsize=64)
def _letters(path: Path) -> Any:
    return _face(path).unicodes


@lru_cache(maxsize=1)
def packaged_families() -> tuple[Family, ...]:
    """The fonts that came with the environment, in the order in which they are asked for a letter."""
    found = []
    for package, regular, bold in _PACKAGED:
        spec = find_spec(package)  # of a top-level package: finds it without running it
        if spec is None or not spec.submodule_search_locations:
            continue
        folder = Path(next(iter(spec.submodule_search_locations)))
        family = Family(Path(regular).stem.partition("[")[0], folder / regular, folder / (bold or regular))
        if family.regular.is_file() and family.bold.is_file():
            found.append(family)
    return tuple(found)


@lru_cache(maxsize=1)
def machine_families() -> tuple[Family, ...]:
    """Noto and DejaVu Sans as Linux distributions install them (fonts-noto-core, fonts-noto-cjk, fonts-dejavu)."""
    found = []
    for folder in _MACHINE_FOLDERS:
        for pattern in ("NotoSans*-Regular.[to]t[fc]", "DejaVuSans.ttf"):
            for regular in sorted(folder.rglob(pattern)):
                bold = regular.with_name(regular.name.replace("-Regular", "-Bold").replace("Sans.ttf", "Sans-Bold.ttf"))
                name = regular.stem.removesuffix("-Regular")
                found.append(Family(f"{name}Local", regular, bold if bold.is_file() else regular))
    return tuple(found)


def assign(text: str) -> dict[Family, set[int]]:
    """Share the letters of ``text`` out among the fonts; a letter that no font has is left out.

    Letters that HarfBuzz puts in the place of others are shared out with them (a composed letter for a letter and its
    accent, the parts of a two-part vowel). Spaces, marks and joiners go to every font that has them, so that a word
    need not change font for its accents.
    Raises NoFontError when there is no font at all.
    """
    wanted = {ord(letter) for letter in text} | _put_in_their_place(text)
    following = {letter for letter in wanted if unicodedata.category(chr(letter)) in ("Mn", "Mc", "Me", "Cf", "Zs")}
    shares: dict[Family, set[int]] = {}
    for family in chain(_in_order(packaged_families(), text), _if_needed(wanted, machine_families)):
        share = {letter for letter in wanted if letter in family.letters}
        if share:
            shares[family] = share | {letter for letter in following | {0x20} if letter in family.letters}
            wanted -= share
    if not shares and text:
        raise NoFontError("No font is installed for PDF files. Set the environment up anew (make run).")
    return shares


def _put_in_their_place(text: str) -> set[int]:
    composed = unicodedata.normalize("NFC", text)
    halfway = [unicodedata.decomposition(letter).split() for letter in set(composed)]  # ê on the way to ễ
    forms = composed + "".join(unicodedata.normalize(form, text) for form in ("NFD", "NFKD"))
    forms += "".join(chr(int(parts[0], 16)) for parts in halfway if parts and not parts[0].startswith("<"))
    if any("\u1780" <= letter <= "\u17ff" for letter in text):
        forms += "\u17c1"  # the first half of Khmer's two-part vowels, which Unicode does not take apart
    return {ord(letter) for letter in forms}


def _if_needed(wanted: set[int], families: Any) -> Iterable[Family]:
    # A generator: asked only after the packages, so the folders are searched only when letters are still missing.
    if any(letter > 0x1F for letter in wanted):
        yield from families()


def _in_order(families: Sequence[Family], text: str) -> list[Family]:
    """Han ideographs look different in Japan and Korea: a document with kana or Hangul gets those countries' shapes."""
    local = "NotoSansJP" if any("\u3040" <= letter <= "\u30ff" for letter in text) else ""
    if not local and any("\uac00" <= letter <= "\ud7a3" for letter in text):
        local = "NotoSansKR"
    regional = ("NotoSansSC", "NotoSansTC", "NotoSansJP", "NotoSansKR")
    return sorted(families, key=lambda family: (family.name in regional, family.name != local))

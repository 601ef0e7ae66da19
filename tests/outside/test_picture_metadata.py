"""A picture is kept without the place it was taken at, the device, the owner, the thumbnail; what is seen stays as it was."""

import io
import random

import pytest
from PIL import Image, PngImagePlugin

from cts.outside.file_checks import look_at
from cts.outside.picture_metadata import without_metadata

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
PLACE = {1: "N", 2: (34.0, 3.0, 8.0), 3: "W", 4: (118.0, 14.0, 37.0), 29: "2026:11:02"}
TOLD = (
    b"Canary Phones",
    b"canary of the owner",
    b"GPS",
    b"2026:11:02",
    b"canary of XMP",
    b"canary of IPTC",
)


def scene(size: tuple[int, int] = (320, 200)) -> Image.Image:
    """Many colours, so that the points hold every byte there is."""
    return Image.frombytes("RGB", size, random.Random(2).randbytes(size[0] * size[1] * 3))


def exif(turned: int = 6) -> Image.Exif:
    found = Image.Exif()
    found[ORIENTATION], found[MAKER] = turned, "Canary Phones"
    found[0xA430] = "canary of the owner"
    found.get_ifd(GPS).update(PLACE)
    return found


def photo(kind: str = "JPEG", turned: int = 6, **how: object) -> bytes:
    kept = io.BytesIO()
    scene().save(kept, kind, exif=exif(turned), comment=b"canary of the owner", **how)
    return kept.getvalue()


def with_segments(jpeg: bytes) -> bytes:
    """A JPEG with the parts that editors and telephones add, in front and behind."""
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x>canary of XMP</x>"
    iptc = b"Photoshop 3.0\x008BIM canary of IPTC"
    added = b"".join(
        b"\xff" + bytes([marker]) + (len(said) + 2).to_bytes(2) + said for marker, said in ((0xE1, xmp), (0xED, iptc))
    )
    return jpeg[:2] + added + jpeg[2:] + b"behind: canary of the owner"


def points(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


def place_in(content: bytes) -> object:
    with Image.open(io.BytesIO(content)) as picture:
        return dict(picture.getexif().get_ifd(GPS))


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"optimize": True}])
def test_of_a_photo_only_what_is_seen_is_kept(how: dict[str, object]) -> None:
    taken = with_segments(photo(**how))
    assert place_in(taken)
    kept = without_metadata(taken, look_at(taken))
    assert points(kept) == points(taken)
    assert not place_in(kept)
    assert [told for told in TOLD if told in kept] == []
    assert look_at(kept) == "jpg"
    with Image.open(io.BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {ORIENTATION: 6}, "which side is up stays"


def test_thumbnails_of_every_kind_go_and_the_size_of_a_point_stays() -> None:
    """Inside JFIF, behind it (JFXX), as FlashPix beside the colour profile; and whatever else stands in a part under a known number."""
    profile, made = b"a colour profile" * 300, io.BytesIO()
    scene().save(made, "JPEG", dpi=(300, 300), icc_profile=profile)
    taken = made.getvalue()
    inside, small = b"canary of the owner, a row of 3", b"canary of the owner"
    assert taken[2:4] == b"\xff\xe0" and len(inside) == 31
    header = taken[6:18] + bytes([1, 11]) + (inside + b"!!")
    parts = ((0xE0, header), (0xE0, b"JFXX\x00\x10" + small), (0xE2, b"FPXR\x00\x01" + small), (0xE0, small))
    parts += ((0xEE, b"Adobe\x00d\x00\x00\x00\x00\x01" + small), (0xEE, small), (0xE2, small), (0xF0, small))
    added = b"".join(b"\xff" + bytes([m]) + (len(said) + 2).to_bytes(2) + said for m, said in parts)
    kept = without_metadata(taken[:2] + added + taken[20:], "jpg")
    assert b"canary" not in kept and b"JFXX" not in kept and b"FPXR" not in kept
    assert points(kept) == points(taken)
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.info["dpi"], picture.info["icc_profile"]) == ((300, 300), profile)
        assert picture.info["jfif_version"] == (1, 1) and picture.info["adobe_transform"] == 1


@pytest.mark.parametrize("turned", range(1, 9))
def test_which_side_is_up_stays(turned: int) -> None:
    kept = without_metadata(photo(turned=turned), "jpg")
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.getexif().get(ORIENTATION, 1) == turned


def test_colours_and_shades_stay() -> None:
    profile = b"a colour profile" * 300
    for mode in ("L", "CMYK", "RGB"):
        made = io.BytesIO()
        scene().convert(mode).save(made, "JPEG", icc_profile=profile, exif=exif())
        kept = without_metadata(made.getvalue(), "jpg")
        with Image.open(io.BytesIO(kept)) as picture:
            assert (picture.mode, picture.info["icc_profile"]) == (mode, profile)
        assert points(kept) == points(made.getvalue())


def test_the_pictures_that_a_telephone_puts_behind_the_first_one_go() -> None:
    made = io.BytesIO()
    behind = scene((64, 64))
    scene().save(made, "MPO", save_all=True, append_images=[behind], exif=exif())
    taken = made.getvalue()
    kept = without_metadata(taken, look_at(taken))
    assert points(kept) == points(taken)
    assert kept.count(b"\xff\xd8\xff") == 1
    assert b"MPF\x00" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == ("JPEG", 1)


def test_of_a_png_only_what_is_seen_is_kept() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "canary of the owner")
    said.add_itxt("XML:com.adobe.xmp", "canary of XMP")
    made = io.BytesIO()
    scene().convert("RGBA").save(made, "PNG", exif=exif(), pnginfo=said, dpi=(300, 300))
    taken = made.getvalue()
    kept = without_metadata(taken, look_at(taken))
    assert points(kept) == points(taken)
    assert [told for told in TOLD if told in kept] == []
    assert not place_in(kept)
    assert look_at(kept) == "png"


def test_other_files_stay_as_they_are() -> None:
    assert without_metadata(b"%PDF-1.7", "pdf") == b"%PDF-1.7"

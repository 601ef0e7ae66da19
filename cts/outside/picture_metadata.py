"""A picture without what it tells besides what is seen: place (GPS), device, owner, thumbnails, further pictures behind the first one.

Nothing is compressed anew: the parts of the file that hold the picture are kept as they are. Which side is up stays.
"""

import io

from PIL import Image

_ORIENTATION = 0x0112
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"pHYs",
        b"hIST",
    }
)
# What remains of the parts an application may write: how it begins, and so many bytes of it (None: all). JFIF and Adobe's word on colours
# without what may hang behind them, the colour profile; Exif, XMP, IPTC, comments, thumbnails (JFXX, FlashPix) and lists of further
# pictures go.
_JPEG_KEPT = {0xE0: (b"JFIF\x00", 12), 0xE2: (b"ICC_PROFILE\x00", None), 0xEE: (b"Adobe", 12)}
_NO_THUMBNAIL = {0xE0: b"\x00\x00"}
"""The two bytes of JFIF that say how wide and high its thumbnail is."""
_STANDS_ALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_END, _SCAN = 0xD9, 0xDA


def without_metadata(content: bytes, suffix: str) -> bytes:
    """The picture ("jpg" or "png") alone; every other file as it is. For what file_checks.look_at has let pass."""
    if suffix == "png":
        return _bare_png(content)
    return _bare_jpeg(content) if suffix == "jpg" else content


def _bare_png(content: bytes) -> bytes:
    kept, place = [content[:8]], 8
    while place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        if content[place + 4 : place + 8] in _PNG_KEPT:
            kept.append(content[place:end])
        place = end
    return b"".join(kept)


def _bare_jpeg(content: bytes) -> bytes:
    kept, place = [content[:2], _upright(content)], 2
    while place + 4 <= len(content):
        marker = content[place + 1]
        if content[place] != 0xFF or marker == 0xFF:
            place += 1
        elif marker == _END:
            break
        elif marker in _STANDS_ALONE:
            place += 2
        else:
            end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
            if marker == _SCAN:
                end = _end_of_scan(content, end)
            kept.append(_bare_part(marker, content[place:end]))
            place = end
    return b"".join([*kept, bytes([0xFF, _END])])


def _end_of_scan(content: bytes, place: int) -> int:
    """Where the next marker after the points of a scan stands: 0xFF in the points is followed by 0, or by a mark of restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            return len(content)
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2


def _bare_part(marker: int, part: bytes) -> bytes:
    """What remains of a part: all of what the picture is made of; of an application's what _JPEG_KEPT says."""
    if 0xC0 <= marker < 0xE0:
        return part
    begins, length = _JPEG_KEPT.get(marker, (b"", 0))
    if not begins or not part[4:].startswith(begins):
        return b""
    if length is None:
        return part
    said = part[4 : 4 + length] + _NO_THUMBNAIL.get(marker, b"")
    return part[:2] + (len(said) + 2).to_bytes(2) + said


def _upright(content: bytes) -> bytes:
    """A part that says which side is up and nothing else; nothing where the picture says nothing."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "MPO")) as picture:
        turned = picture.getexif().get(_ORIENTATION)
    if not isinstance(turned, int) or not 1 < turned <= 8:
        return b""
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    said = exif.tobytes()
    said = said if said.startswith(b"Exif\x00\x00") else b"Exif\x00\x00" + said
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said

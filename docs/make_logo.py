"""Writes the logo files of pages/assets from the drawing in cts/outside/logo.py: ``python docs/make_logo.py``.

Run it after a change of the drawing. The same drawing heads every PDF.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cts.outside.logo import SIZE, TEAL, mark

ASSETS = Path(__file__).resolve().parent.parent / "pages" / "assets"
FAMILY = "'Source Sans 3','Source Sans Pro','Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
SMOOTH = 8  # drawn this many times larger, then scaled down


def shapes() -> str:
    """The mark as SVG polygons."""
    return "".join(
        f'<polygon fill="{colour}" points="{" ".join(f"{x:.2f},{y:.2f}" for x, y in corners)}"/>\n'
        for colour, corners in mark()
    )


def svg(width: int, body: str) -> str:
    """An SVG file 64 high, with a title for screen readers."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 64" width="{width}" height="64" role="img" '
        f'aria-label="CTS, CSEC Tracking System">\n<title>CTS · CSEC Tracking System</title>\n{body}</svg>\n'
    )


def wordmark() -> str:
    """The name beside the mark."""
    return (
        f'<g font-family="{FAMILY}">\n'
        f'<text x="76" y="33" font-size="31" font-weight="700" letter-spacing="1.5" fill="{TEAL}">CTS</text>\n'
        # As wide as there is room, whichever font the reader's machine has: a wider one was cut off.
        '<text x="77" y="53" font-size="15.5" font-weight="500" textLength="158" lengthAdjust="spacingAndGlyphs" fill="#3B4A54">'
        "CSEC Tracking System</text>\n</g>\n"
    )


def icon(pixels: int) -> Image.Image:
    """The mark on a transparent ground."""
    side = pixels * SMOOTH
    picture = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    # A little larger than in the letterhead: an icon has no room to give away.
    scale, edge = side / (SIZE - 4), 2
    for colour, corners in mark():
        pen.polygon([((x - edge) * scale, (y - edge) * scale) for x, y in corners], fill=colour)
    return picture.resize((pixels, pixels), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the three files."""
    ASSETS.mkdir(parents=True, exist_ok=True)
    (ASSETS / "logo.svg").write_text(svg(240, shapes() + wordmark()), encoding="utf-8")
    (ASSETS / "logo_mark.svg").write_text(svg(64, shapes()), encoding="utf-8")
    icon(64).save(ASSETS / "favicon.png", optimize=True)


if __name__ == "__main__":
    main()

"""Codes of an authenticator app (RFC 6238: six digits, thirty seconds, SHA-1, as every app reads them), and the picture it is set up with.

The picture is drawn here, so that the secret goes to nobody else.
"""

import hmac
import io
import re
from datetime import datetime

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A clock that is wrong by one step is forgiven, forwards and backwards."""

ISSUER = "CTS"
_DIGITS = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    import pyotp

    return str(pyotp.random_base32())


def step_of(secret: str, code: str, now: datetime, newest: int) -> int | None:
    """The time step this code belongs to, or None when it is wrong or not newer than `newest`: a code works once."""
    import pyotp

    digits = re.sub(r"[\s-]", "", code)
    if not _DIGITS.fullmatch(digits):
        return None
    app = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        # All three are compared, so that the time tells nothing.
        if hmac.compare_digest(app.generate_otp(step), digits) and step > newest:
            found = step
    return found


def picture(secret: str, user_name: str) -> str:
    """The QR code an app reads, as an SVG to stand in a page of ours."""
    import pyotp
    import segno

    address = pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def in_groups(secret: str) -> str:
    """The secret as it is typed by hand: groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))

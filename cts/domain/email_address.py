"""What counts as an e-mail address: one plain address, no display name, no line break, nothing that could become a header."""

import re

LONGEST = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def is_address(text: str) -> bool:
    """Whether this is one plain e-mail address, such as CTS can send to."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= LONGEST

"""What cancels a protection although each value can be read: limits too wide, keys that anybody would try, proxies that are everybody."""

import base64
import ipaddress
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple


class Limit(NamedTuple):
    """The bounds of a setting in production, both included, and whose rule that is. `least` is 1 for every number."""

    most: int | None = None
    least: int = 1
    why: str = ""


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "session_idle_minutes": Limit(most=30, why="CJIS ends a session after thirty idle minutes"),
        "session_hours": Limit(most=12, why="a longer session outlives the working day it began on"),
        "sign_in_attempts": Limit(most=5, why="CJIS locks after five wrong guesses"),
        "sign_in_window_minutes": Limit(least=15, why="CJIS counts wrong guesses for fifteen minutes"),
        "account_link_minutes": Limit(most=30, why="a link in a mailbox opens the account as long as it works"),
        "emergency_hours": Limit(most=24, why="an emergency that goes on is looked at anew"),
    }
)
"""Beyond these the protection is there in name only; production does not start."""

FEWEST_DIFFERENT_BYTES = 16
"""Of 32 random bytes, fewer different ones are seen less than once in a billion keys."""

FEWEST_DIFFERENT_CHARACTERS = 8
"""32 random hexadecimal digits hold fewer less than once in ten million texts."""

NARROWEST_V4, NARROWEST_V6 = 16, 48
"""Prefix of the widest network that can still be one's own proxies."""

_KEY = re.compile(r"\s*([A-Za-z0-9-]{1,20}):([A-Za-z0-9_/+-]{43}=)\s*")
_TO_URL_SAFE = str.maketrans("+/", "-_")


def beyond_limits(name: str, value: int) -> str:
    """Why production does not start with this value of a setting, as a sentence that says what to write; '' when it may."""
    limit = LIMITS[name]
    if limit.most is not None and value > limit.most:
        return f"Production needs CTS_{name.upper()} to be {limit.most} or less: {limit.why}."
    if value < limit.least:
        return f"Production needs CTS_{name.upper()} to be {limit.least} or more: {limit.why}."
    return ""


def limit_words(name: str) -> str:
    """The limit as the table of settings says it; '' for none."""
    limit = LIMITS.get(name)
    if limit is None:
        return ""
    return f"At {f'most {limit.most}' if limit.most is not None else f'least {limit.least}'}: {limit.why}."


@cache
def keys_in(data_keys: str) -> Mapping[str, bytes]:
    """The keys by name, in their order; empty when they cannot be read. Both alphabets of base64 are: the same key gives the same bytes."""
    found = [_KEY.fullmatch(part) for part in data_keys.split(",")]
    keys = {m[1]: base64.urlsafe_b64decode(m[2].translate(_TO_URL_SAFE)) for m in found if m}
    return MappingProxyType(keys if len(keys) == len(found) else {})


def weak_keys(data_keys: str) -> str:
    """Why these keys protect nothing, as a sentence that does not show them; '' when they may be random."""
    keys = keys_in(data_keys)
    if any(len(set(key)) < FEWEST_DIFFERENT_BYTES for key in keys.values()):
        return (
            "Production needs CTS_DATA_KEYS of random bytes: one of them is not. "
            "The operating guide says how to make one."
        )
    if len(set(keys.values())) < len(keys):
        return "CTS_DATA_KEYS holds the same key under two names: make a new one, or write it once."
    return ""


def is_guessable(secret: str) -> bool:
    """Whether a secret holds so few different characters that nobody can have drawn it at random."""
    return len(set(secret)) < FEWEST_DIFFERENT_CHARACTERS


def wide_proxies(listed: str) -> str:
    """What in a list of proxies is no address, or is a network so wide that everybody could choose an own address; '' for nothing."""
    return next((part.strip() for part in listed.split(",") if part.strip() and not _is_narrow(part.strip())), "")


def _is_narrow(part: str) -> bool:
    try:
        network = ipaddress.ip_network(part)
    except ValueError:
        return False
    if isinstance(network, ipaddress.IPv4Network):
        return network.prefixlen >= NARROWEST_V4
    # All of IPv4 stands in a small corner of IPv6.
    mapped = network.overlaps(ipaddress.IPv6Network("::ffff:0:0/96"))
    return network.prefixlen >= (96 + NARROWEST_V4 if mapped else NARROWEST_V6)

"""Settings that could be read, and would cancel a protection: production does not start with them."""

import base64
from pathlib import Path
from typing import Any

import pytest

from cts.outside import sealing
from cts.settings import Settings, UnsafeSettings, read_settings
from cts.settings_limits import LIMITS
from tests.parts.keys import A_DATA_KEY, ANOTHER_KEY
from tests.parts.production import SAFE

SAME_KEY = f"other:{A_DATA_KEY.partition(':')[2]}"
WEAK = f"zero:{base64.b64encode(bytes(32)).decode()}"
DIFFERS = bytes([0xFB, 0xFF, *range(30)])
"""A key that the two alphabets of base64 write differently."""


def beyond() -> list[tuple[str, int, int]]:
    """Setting, the last value that production takes, the first one that it does not."""
    most = [(name, limit.most, limit.most + 1) for name, limit in LIMITS.items() if limit.most is not None]
    return most + [(name, limit.least, limit.least - 1) for name, limit in LIMITS.items() if limit.least > 1]


@pytest.mark.parametrize(("name", "last", "first"), beyond())
def test_numbers_that_cancel_a_protection_are_refused_in_production(
    name: str, last: int, first: int, tmp_path: Path
) -> None:
    setting = f"CTS_{name.upper()}"
    assert getattr(read_settings(SAFE | {setting: str(last)}), name) == last
    with pytest.raises(UnsafeSettings, match=rf"Production needs {setting} to be {last} or (less|more): .+\.$"):
        read_settings(SAFE | {setting: str(first)})
    shown = read_settings({"CTS_VAR_DIR": str(tmp_path), setting: str(first)})
    assert getattr(shown, name) == first, "a demonstration may"


def test_the_defaults_are_within_every_limit() -> None:
    chosen: Any = Settings()
    assert all(limit.least <= getattr(chosen, name) <= (limit.most or 10**9) for name, limit in LIMITS.items())
    assert {name: limit.most for name, limit in LIMITS.items() if limit.most} == {
        "session_idle_minutes": 30,
        "session_hours": 12,
        "sign_in_attempts": 5,
        "account_link_minutes": 30,
        "emergency_hours": 24,
    }


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("CTS_DATA_KEYS", WEAK, "random bytes"),
        ("CTS_DATA_KEYS", f"{A_DATA_KEY},{WEAK}", "random bytes"),
        ("CTS_DATA_KEYS", f"{A_DATA_KEY}, {SAME_KEY}", "the same key under two names"),
        ("CTS_SECRET_KEY", "a" * 40, "random characters"),
        ("CTS_SECRET_KEY", "secret1" * 6, "random characters"),
    ],
)
def test_keys_that_anybody_would_try_are_refused_in_production(setting: str, value: str, says: str) -> None:
    assert read_settings(SAFE | {"CTS_DATA_KEYS": f"{A_DATA_KEY},{ANOTHER_KEY}"}).mode == "production"
    with pytest.raises(UnsafeSettings, match=f"{setting}.*{says}|{says}.*{setting}") as refused:
        read_settings(SAFE | {setting: value})
    assert value.partition(":")[2] not in str(refused.value) or ":" not in value


@pytest.mark.parametrize(
    "proxies",
    [
        "*",
        "*, 10.0.0.1",
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0/1,128.0.0.0/1",
        "10.0.0.1,::ffff:0:0/96",
        "::/80",
        "proxy",
        "10.0.0.1/8",
    ],
)
def test_proxies_that_are_everybody_or_nobody_are_refused_in_every_mode(proxies: str, tmp_path: Path) -> None:
    for environment in (SAFE, {"CTS_VAR_DIR": str(tmp_path)}):
        with pytest.raises(UnsafeSettings, match=r"CTS_TRUSTED_PROXIES names .*: write the addresses"):
            read_settings(environment | {"CTS_TRUSTED_PROXIES": proxies})


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "10.1.2.3, 10.1.3.0/24", "::1,2001:db8:1::/64", "172.16.0.0/16"])
def test_ones_own_proxies_are_trusted(proxies: str) -> None:
    assert read_settings(SAFE | {"CTS_TRUSTED_PROXIES": proxies}).trusted_proxies == proxies


def test_either_alphabet_of_base64_is_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, url_safe = base64.b64encode(DIFFERS).decode(), base64.urlsafe_b64encode(DIFFERS).decode()
    assert plain != url_safe and "+" in plain and "/" in plain
    both = [read_settings(SAFE | {"CTS_DATA_KEYS": f"one:{written}"}) for written in (plain, url_safe)]
    assert [chosen.keys["one"] for chosen in both] == [DIFFERS, DIFFERS]
    monkeypatch.setattr(sealing, "settings", lambda: both[0])
    sealed = sealing.seal(b"content", "table.column:1")
    monkeypatch.setattr(sealing, "settings", lambda: both[1])
    assert sealing.open_sealed(sealed, "table.column:1") == b"content"
    with pytest.raises(UnsafeSettings, match="under two names"):
        read_settings(SAFE | {"CTS_DATA_KEYS": f"one:{plain},two:{url_safe}"})

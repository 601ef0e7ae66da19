"""Keys of encryption: the one of every test, so that a copied database can be read by whoever got the copy, and others to change to."""

import base64
from dataclasses import replace

import pytest

from cts.outside import sealing
from cts.settings import settings

A_DATA_KEY = f"tests:{base64.urlsafe_b64encode(bytes(range(200, 232))).decode()}"
ANOTHER_KEY = f"second:{base64.urlsafe_b64encode(bytes(range(32))).decode()}"
NOT_THE_KEY = f"tests:{base64.urlsafe_b64encode(b'x' * 32).decode()}"
"""Another key under the name of the one that every test has."""


def use_keys(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    """From now on these are CTS_DATA_KEYS of this process."""
    chosen = replace(settings(), data_keys=", ".join(keys))
    monkeypatch.setattr(sealing, "settings", lambda: chosen)

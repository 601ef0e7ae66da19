"""Encryption of files and private answers: opens where it was written for, with the key it was sealed with, and nowhere else."""

import base64
from dataclasses import replace

import pytest

from cts.outside import sealing
from cts.settings import UnsafeSettings, read_settings, settings

PLACE = "case_file_content:1"
FIRST, SECOND = (
    f"{name}:{base64.urlsafe_b64encode(bytes([byte]) * 32).decode()}" for name, byte in (("a", 1), ("b", 2))
)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch):
    """A function that sets CTS_DATA_KEYS of this process."""

    def use(data_keys: str) -> None:
        chosen = replace(settings(), data_keys=data_keys)
        monkeypatch.setattr(sealing, "settings", lambda: chosen)

    use(FIRST)
    return use


def test_what_was_sealed_opens_in_its_place_and_shows_nothing(keys) -> None:
    sealed = sealing.seal(b"An aunt in Torrance", PLACE)
    assert b"aunt" not in sealed
    assert sealing.open_sealed(sealed, PLACE) == b"An aunt in Torrance"
    assert sealing.seal(b"An aunt in Torrance", PLACE) != sealed
    text = sealing.seal_text("Tía María", PLACE)
    assert sealing.is_sealed(text)
    assert sealing.open_text(text, PLACE) == "Tía María"


def test_a_value_moved_to_another_row_or_changed_does_not_open(keys) -> None:
    sealed = sealing.seal(b"content", PLACE)
    with pytest.raises(sealing.CannotOpen, match="another place"):
        sealing.open_sealed(sealed, "case_file_content:2")
    for position in range(len(sealed)):
        changed = bytes([*sealed[:position], sealed[position] ^ 1, *sealed[position + 1 :]])
        with pytest.raises(sealing.CannotOpen):
            sealing.open_sealed(changed, PLACE)


@pytest.mark.parametrize(
    "value", [b"", b"CTS1", b"CTS1\xff", b"plain text of no key at all, long enough", b"CTS1\x01\xff" + bytes(40)]
)
def test_what_is_no_sealed_value_is_refused(keys, value: bytes) -> None:
    with pytest.raises(sealing.CannotOpen):
        sealing.open_sealed(value, PLACE)


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(keys) -> None:
    old = sealing.seal(b"content", PLACE)
    keys(f"{SECOND}, {FIRST}")
    new = sealing.seal(b"content", PLACE)
    assert (sealing.key_of(old), sealing.key_of(new), sealing.present_key()) == ("a", "b", "b")
    assert sealing.open_sealed(old, PLACE) == sealing.open_sealed(new, PLACE) == b"content"
    keys(SECOND)
    with pytest.raises(sealing.CannotOpen, match="no key 'a'"):
        sealing.open_sealed(old, PLACE)


@pytest.mark.parametrize("wrong", ["a", "a:short", f"{FIRST},", f"{FIRST},{FIRST}", f"a b{FIRST}", FIRST[:-1]])
def test_keys_that_cannot_be_read_stop_the_start_and_are_not_shown(wrong: str, tmp_path) -> None:
    with pytest.raises(UnsafeSettings, match="CTS_DATA_KEYS") as refused:
        read_settings({"CTS_VAR_DIR": str(tmp_path), "CTS_DATA_KEYS": wrong})
    assert FIRST[2:] not in str(refused.value)

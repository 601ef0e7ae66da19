"""The virus scanner, over a real connection: clean is only what it has called clean."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cts.outside import scanner
from cts.outside.scanner import Harmful, NotScanned, scan
from cts.settings import UnsafeSettings, read_settings
from tests.parts.clamd import VIRUS, Scanner, running_scanner
from tests.parts.ports import free_port


@pytest.fixture
def clamd() -> Iterator[Scanner]:
    with running_scanner() as running:
        yield running


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 3_000_000])
def test_what_is_clean_is_sent_whole_and_called_clean(clamd: Scanner, size: int) -> None:
    scan(b"x" * size, clamd.address)
    assert clamd.seen == [b"x" * size]


def test_over_a_socket_of_the_machine(tmp_path: Path) -> None:
    with running_scanner(tmp_path / "clamd.ctl") as clamd:
        scan(b"content", clamd.address)
        with pytest.raises(Harmful, match="Eicar-Test-Signature"):
            scan(b"a" * 100_000 + VIRUS, clamd.address)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00",
        b"stream: OK",
        b"OK\x00",
        b"stream: OK\x00stream: OK\x00",
        b"stream: Access denied. ERROR\x00",
        b"HTTP/1.1 200 OK\r\n\r\nstream: OK\x00",
        b"stream: FOUND OK\x00",
        b"x" * 5_000,
        b"stream: \xff\xfe ok\x00",
    ],
)
def test_any_other_answer_is_not_clean(clamd: Scanner, answer: bytes) -> None:
    clamd.answer = answer
    with pytest.raises(NotScanned):
        scan(b"content", clamd.address)


def test_nobody_there_is_not_clean(tmp_path: Path) -> None:
    for address in (f"127.0.0.1:{free_port()}", str(tmp_path / "no.ctl"), "scanner.invalid:3310"):
        with pytest.raises(NotScanned, match="cannot be reached"):
            scan(b"content", address)


def test_silence_is_not_clean(clamd: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "ANSWER_SECONDS", 0.3)
    clamd.silent.set()
    with pytest.raises(NotScanned, match="cannot be reached: TimeoutError"):
        scan(b"content", clamd.address)


def test_too_long_for_the_scanner_is_not_clean(clamd: Scanner) -> None:
    clamd.most_bytes = 100_000
    with pytest.raises(NotScanned):
        scan(b"x" * 5_000_000, clamd.address)


def test_what_the_scanner_says_is_harmless_in_the_log(clamd: Scanner) -> None:
    clamd.answer = b"stream: a\r\nforged line \x1b[31m<script> FOUND\x00"
    with pytest.raises(Harmful) as found:
        scan(b"content", clamd.address)
    assert str(found.value) == "a??forged line ??31m?script?"


@pytest.mark.parametrize("wrong", ["clamd", "127.0.0.1:", "clamd.sock", "host:0"])
def test_an_address_that_is_none_stops_the_start(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="CTS_CLAMD"):
        read_settings({"CTS_VAR_DIR": str(tmp_path), "CTS_CLAMD": wrong})

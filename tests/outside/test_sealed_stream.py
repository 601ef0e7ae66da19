"""An encrypted file of any length: whole or refused, in bounded memory."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from cts.outside.sealed_stream import PIECE_BYTES, NotWhole, read_heading, read_sealed, write_sealed
from tests.parts.keys import A_DATA_KEY, ANOTHER_KEY, NOT_THE_KEY, use_keys


def sealed(content: bytes) -> bytes:
    file = io.BytesIO()
    write_sealed([content], file, {"what": "a test"})
    return file.getvalue()


def opened(file: bytes) -> bytes:
    return b"".join(read_sealed(io.BytesIO(file)))


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_was_written_is_read_and_shows_nothing(size: int) -> None:
    content = (b"canary " * (size // 7 + 1))[:size]
    file = sealed(content)
    assert b"canary" not in file
    assert opened(file) == content
    assert read_heading(io.BytesIO(file))["what"] == "a test"


def test_cut_anywhere_it_is_refused() -> None:
    file = sealed(b"x" * (2 * PIECE_BYTES + 5))
    for length in (*range(0, 200, 7), PIECE_BYTES, PIECE_BYTES + 300, len(file) - 22, len(file) - 1):
        with pytest.raises(NotWhole):
            opened(file[:length])


def test_without_its_last_pieces_it_is_refused() -> None:
    file = sealed(b"x" * 2 * PIECE_BYTES)
    whole_pieces = len(file) - (PIECE_BYTES + 16 + 4)
    with pytest.raises(NotWhole, match="ends too early"):
        opened(file[:whole_pieces])


def test_changed_anywhere_swapped_or_longer_it_is_refused() -> None:
    content = b"a" * PIECE_BYTES + b"b" * PIECE_BYTES + b"end"
    file = sealed(content)
    for place in (*range(0, 260, 3), PIECE_BYTES, len(file) - 1):
        with pytest.raises(NotWhole):
            opened(file[:place] + bytes([file[place] ^ 4]) + file[place + 1 :])
    piece, rest = PIECE_BYTES + 20, len(file) - 2 * (PIECE_BYTES + 20) - 23
    one, two = file[rest : rest + piece], file[rest + piece : rest + 2 * piece]
    with pytest.raises(NotWhole, match="changed"):
        opened(file[:rest] + two + one + file[rest + 2 * piece :])
    with pytest.raises(NotWhole, match="changed"):
        opened(file + b"x")


def test_with_the_wrong_key_it_says_which_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    file = sealed(b"content")
    use_keys(monkeypatch, ANOTHER_KEY)
    with pytest.raises(NotWhole, match="the key 'tests', which is not among CTS_DATA_KEYS"):
        opened(file)
    use_keys(monkeypatch, NOT_THE_KEY)
    with pytest.raises(NotWhole, match="another key of the same name"):
        opened(file)
    use_keys(monkeypatch, ANOTHER_KEY, A_DATA_KEY)
    assert opened(file) == b"content"


class Everlasting(io.RawIOBase):
    """Takes what is written and forgets it."""

    def write(self, content: bytes) -> int:  # type: ignore[override]
        return len(content)


def test_memory_does_not_grow_with_the_content() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 300_000

    tracemalloc.start()
    write_sealed(pieces(), Everlasting(), {})  # type: ignore[arg-type]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 12 * PIECE_BYTES

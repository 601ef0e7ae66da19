"""PostgreSQL's own programs, pg_dump and psql: the whole database out as SQL, and in again in one transaction.

The password goes through the environment, never through the arguments that every user of the machine can list. What the programs say may
quote rows, so only their codes of errors are passed on.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

PIECE_BYTES = 1 << 20
INSTALL = "It needs PostgreSQL's own program {name}, of the server's version or later. On Debian and Ubuntu: apt-get install postgresql-client."
_BEGINS, _ENDS = b"-- PostgreSQL database dump", b"-- PostgreSQL database dump complete"
_EMPTIED = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


class ProgramFailed(Exception):
    """A program is missing or ended badly. `str()` is the sentence for people."""


def dump(connection: Mapping[str, str]) -> Iterator[bytes]:
    """The database as SQL, piece by piece, as of one moment. `connection` are PG… variables. Raises ProgramFailed, at the end also."""
    command = [_program("pg_dump"), "--no-owner", "--no-privileges", "--no-password"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(connection), stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        try:
            while process.stdout and (piece := process.stdout.read(PIECE_BYTES)):
                yield piece
            if process.wait() != 0:
                raise ProgramFailed(f"pg_dump could not read the database ({_codes(said)}). Nothing was written.")
        finally:
            process.kill()
            process.communicate()


def is_whole(first: bytes, last: bytes) -> bool:
    """Whether the beginning and the end of a content are those of a whole dump."""
    return _BEGINS in first[:200] and _ENDS in last[-400:]


def restore(connection: Mapping[str, str], pieces: Iterable[bytes], *, empty_first: bool) -> None:
    """Run a dump in one transaction: all of it is there afterwards, or nothing was changed. Raises ProgramFailed."""
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--file=-"]
    command += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate", "--set=SHOW_CONTEXT=never"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            command, env=_environment(connection), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            if process.stdin:
                _feed(process.stdin, pieces, empty_first=empty_first)
        except BaseException:
            process.kill()  # before it has heard the end: the transaction is undone
            process.wait()
            raise
        if process.wait() != 0:
            raise ProgramFailed(f"psql could not write the database ({_codes(said)}). Nothing was changed.")


def _feed(stdin: IO[bytes], pieces: Iterable[bytes], *, empty_first: bool) -> None:
    try:
        if empty_first:
            stdin.write(_EMPTIED)
        for piece in pieces:
            stdin.write(piece)
        stdin.close()
    except BrokenPipeError:
        pass  # psql has ended before; its code says why


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ProgramFailed(INSTALL.format(name=name))
    return found


def _environment(connection: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "CTS_"))}
    return kept | {"PGCONNECT_TIMEOUT": "20", **connection}


def _codes(said: IO[bytes]) -> str:
    """The codes of the errors (SQLSTATE), or what happened before any SQL was run; never a text that could quote a row."""
    said.seek(0)
    text = said.read(100_000).decode(errors="replace")
    codes = re.findall(r"(?:ERROR|FATAL):\s+([0-9A-Z]{5})\b", text)
    if codes:
        return f"error {codes[0]}"
    if "server version mismatch" in text:
        return "its version is older than the server's"
    return "no connection, or no right to it" if "connection" in text or "authentication" in text else "no reason given"

"""Text compared and sorted the same on every database: byte by byte, whatever language the server was set up for."""

from typing import Any

from sqlalchemy import ColumnElement, String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

PLAIN_LETTERS = dict(zip("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunaeiouun", strict=True))


class as_bytes(GenericFunction[str]):  # noqa: N801 - reads as an SQL function
    """A text whose comparisons go byte by byte. SQLite does so by itself; PostgreSQL is told to."""

    type = String()
    inherit_cache = True


@compiles(as_bytes)
def _plain(element: Any, compiler: Any, **keywords: Any) -> str:
    return str(compiler.process(element.clauses, **keywords))


@compiles(as_bytes, "postgresql")
def _postgres(element: Any, compiler: Any, **keywords: Any) -> str:
    return f'({compiler.process(element.clauses, **keywords)} COLLATE "C")'


def as_looked_up(column: Any) -> ColumnElement[str]:
    """A text column as people look it up in a list: capitals and the accents of Spanish names do not count."""
    sorted_as: ColumnElement[str] = as_bytes(column)
    for letter, plain in PLAIN_LETTERS.items():
        sorted_as = func.replace(sorted_as, letter, plain)
    return as_bytes(func.lower(sorted_as))

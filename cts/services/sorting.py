"""Text compared and sorted the same on every database: byte by byte, whatever language the server was set up for."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, case, func
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


class has_accents(GenericFunction[bool]):  # noqa: N801 - reads as an SQL function
    """Whether a text holds any letter beyond plain English ones: it takes more bytes than letters."""

    type = Boolean()
    inherit_cache = True


@compiles(has_accents)
def _more_bytes_sqlite(element: Any, compiler: Any, **keywords: Any) -> str:
    text = compiler.process(element.clauses, **keywords)
    return f"(length({text}) <> length(CAST({text} AS BLOB)))"


@compiles(has_accents, "postgresql")
def _more_bytes_postgres(element: Any, compiler: Any, **keywords: Any) -> str:
    text = compiler.process(element.clauses, **keywords)
    return f"(char_length({text}) <> octet_length({text}))"


def as_looked_up(column: Any) -> ColumnElement[str]:
    """A text column as people look it up in a list: capitals and the accents of Spanish names do not count."""
    plain: ColumnElement[str] = as_bytes(column)
    for letter, without in PLAIN_LETTERS.items():
        plain = func.replace(plain, letter, without)
    # Few names have accents, and taking them away one by one costs more than everything else: only where there are any.
    return as_bytes(func.lower(case((has_accents(column), plain), else_=as_bytes(column))))

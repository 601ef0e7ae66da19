"""What somebody who administers the database can do to the access log: drop the triggers, then anything."""

from typing import Any

from sqlalchemy import select, text

from cts.domain.audit import BEFORE_THE_FIRST, CHAINED, entry_hash
from cts.services.access import record_access
from cts.services.actor import Actor
from db.models import AccessEntry
from db.session import engine, reading, writing
from tests.cast import later

TABLE = AccessEntry.__table__


def write_entries(actor: Actor, count: int) -> None:
    """That many looks, each in a transaction of its own."""
    for minute in range(count):
        with writing() as session:
            record_access(session, actor, "open", later(minute), reason=f"look {minute}", file=minute)


def entries() -> list[dict[str, Any]]:
    """Every entry as it stands."""
    with reading() as session:
        return [dict(row) for row in session.execute(select(TABLE).order_by(TABLE.c.id)).mappings()]


def drop_triggers() -> None:
    """The database's administrator can."""
    postgres = engine().dialect.name == "postgresql"
    names = {"access_entry": ("access_entry_no_update", "access_entry_no_delete")}
    names["access_head"] = ("access_head_forward",) if postgres else ("access_head_no_update", "access_head_no_delete")
    with writing() as session:
        for table, triggers in names.items():
            for name in triggers:
                session.execute(text(f"DROP TRIGGER {name}{f' ON {table}' if postgres else ''}"))


def tamper(*statements: str) -> None:
    """Change the tables behind CTS's back."""
    with writing() as session:
        for statement in statements:
            session.execute(text(statement))


def rehash(first: int) -> None:
    """Give every entry from `first` on a hash and a link that fit, and the head too: what only an anchor can tell."""
    rows = entries()
    previous = next((row["hash"] for row in reversed(rows) if row["id"] < first), BEFORE_THE_FIRST)
    with writing() as session:
        for row in (row for row in rows if row["id"] >= first):
            made = {name: row[name] for name in CHAINED} | {"previous_hash": previous}
            previous = entry_hash(made)
            session.execute(
                TABLE.update().where(TABLE.c.id == row["id"]).values(previous_hash=made["previous_hash"], hash=previous)  # type: ignore[attr-defined]
            )
        last = rows[-1]["id"]
        session.execute(
            text(f"UPDATE access_head SET last_id = {last}, entries = {last}, hash = :hash"), {"hash": previous}
        )

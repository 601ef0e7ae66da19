"""The last statements of a writing transaction: the entries it owes to the access log, each chained to the one before.

One row, access_head, says which entry is the newest. It is held from here to the commit and no longer, so that no two writers build on the
same entry; whoever holds it waits for nothing else, so nobody waits in a circle. The log's numbers have no gaps: a transaction that fails
has taken none.
"""

from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from cts.domain.audit import as_kept, entry_hash
from db.models.records import AccessEntry, AccessHead

OWED = "access_entries_owed"

_head = AccessHead.__table__.c
_HELD = select(_head.last_id, _head.entries, _head.hash).with_for_update()
_APPENDED = insert(AccessEntry.__table__)  # type: ignore[arg-type]
_MOVED = update(AccessHead.__table__).values(  # type: ignore[arg-type]
    last_id=bindparam("new_last_id"), entries=bindparam("new_entries"), hash=bindparam("new_hash")
)


def owe_entry(session: Session, entry: dict[str, Any]) -> None:
    """Keep one entry until the transaction is about to be saved. Raises KeyError in a transaction that only reads: it would be lost."""
    session.info[OWED].append(entry | {"details": as_kept(entry["details"])})


def append_owed(session: Session) -> None:
    """Number, chain and write the entries owed. Called once, after everything else of the transaction."""
    owed = session.info[OWED]
    if not owed:
        return
    session.flush()
    connection = session.connection()
    last_id, entries, last_hash = connection.execute(_HELD).one()
    rows = []
    for number, entry in enumerate(owed, last_id + 1):
        row = entry | {"id": number, "previous_hash": last_hash}
        last_hash = row["hash"] = entry_hash(row)
        rows.append(row)
    added = len(rows)
    connection.execute(_APPENDED, rows if added > 1 else rows[0])
    connection.execute(_MOVED, {"new_last_id": last_id + added, "new_entries": entries + added, "new_hash": last_hash})
    owed.clear()

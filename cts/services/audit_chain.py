"""Is the access log as it was written? Reads every entry and its hash, the head, and the anchors kept outside."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.audit import BEFORE_THE_FIRST, CHAINED, Anchor, entry_hash
from db.models import AccessEntry, AccessHead, AuditAnchor
from db.session import engine, reading

AT_A_TIME = 5000
FINDINGS_AT_MOST = 100
CANDIDATES_AT_MOST = 1000

Entry = Mapping[str, Any]
Progress = Callable[[int, int], None]


class Fault(StrEnum):
    """What can be wrong with the log."""

    EDITED = "edited"
    REPLACED = "replaced"
    SWAPPED = "swapped"
    MOVED = "moved"
    DELETED = "deleted"
    DELETED_NEWEST = "newest deleted"
    INSERTED = "inserted"
    HEAD = "head wrong"
    REWRITTEN = "written anew"


@dataclass(frozen=True)
class Finding:
    """One fault in plain words; `entry_id` names the entry (None: it concerns the head alone)."""

    fault: Fault
    entry_id: int | None
    sentence: str


@dataclass(frozen=True)
class Verified:
    """What verifying found: how many entries there are, and everything that is wrong (at most FINDINGS_AT_MOST)."""

    entries: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether the log is as it was written."""
        return not self.findings


def verify(anchors: Iterable[Anchor] = (), progress: Progress | None = None) -> Verified:
    """Compare every entry with its own hash and the one before, the head with the newest, and both with the anchors.

    `anchors` are those kept outside; the database's own are compared too. Memory does not grow with the log. `progress` is told entries
    read and expected. CTS may go on writing: what comes in meanwhile is left for the next time.
    """
    with reading() as session:
        if engine().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        head = session.execute(select(AccessHead.last_id, AccessHead.entries, AccessHead.hash)).first()
        own = session.execute(select(AuditAnchor.day, AuditAnchor.last_id, AuditAnchor.entries, AuditAnchor.hash))
        known = {anchor for anchor in (*anchors, *(Anchor(*row) for row in own)) if anchor.last_id}
        walk = _Walk(head.last_id if head else None, _by_entry(known))
        for entries in _batches(session):
            for entry in entries:
                walk.look_at(entry)
            if progress:
                progress(walk.count, head.last_id if head else walk.count)
    return Verified(walk.count, tuple(_findings(walk, head)[:FINDINGS_AT_MOST]))


def _batches(session: Session) -> Iterator[Sequence[Entry]]:
    table = AccessEntry.__table__
    columns = select(*(table.c[name] for name in (*CHAINED, "hash"))).order_by(table.c.id).limit(AT_A_TIME)
    found = session.execute(columns).mappings().all()
    while found:
        yield found  # type: ignore[misc]
        found = session.execute(columns.where(table.c.id > found[-1]["id"])).mappings().all()


def _by_entry(anchors: Iterable[Anchor]) -> dict[int, list[Anchor]]:
    found: dict[int, list[Anchor]] = {}
    for anchor in sorted(anchors, key=lambda a: (a.last_id, a.day)):
        found.setdefault(anchor.last_id, []).append(anchor)
    return found


@dataclass
class _Walk:
    """What is known after the entries looked at so far."""

    last_of_head: int | None
    anchors: dict[int, list[Anchor]]
    count: int = 0
    last_id: int = 0
    last_hash: str | None = BEFORE_THE_FIRST
    anchored: int = 0
    broken: dict[int, Entry] = field(default_factory=dict)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def look_at(self, entry: Entry) -> None:
        """Check one entry, the next by its number. After an entry that is broken or missing nothing is said about the link."""
        self.count += 1
        number = entry["id"]
        if number < 1 or (self.last_of_head is not None and number > self.last_of_head):
            where = "before the first entry" if number < 1 else "after the newest entry the head knows"
            self.say(Fault.INSERTED, number, f"Entry {number} stands {where}: it was inserted, not written by CTS.")
            self.keep(entry)
            return
        if number > self.last_id + 1:
            self.gaps.append((self.last_id + 1, number - 1))
            self.last_hash = None
        linked = self.last_hash is None or entry["previous_hash"] == self.last_hash
        if entry_hash(entry) != entry["hash"]:
            self.keep(entry)
            self.last_hash = entry["hash"] if linked else None
        else:
            if not linked:
                self.say_unlinked(number)
            self.last_hash = entry["hash"]
        self.last_id = number
        self.compare(entry)

    def keep(self, entry: Entry) -> None:
        """Remember a broken entry, to find out whence it came."""
        if len(self.broken) < CANDIDATES_AT_MOST:
            self.broken[entry["id"]] = dict(entry)

    def say_unlinked(self, number: int) -> None:
        """The entry is sound in itself, but was chained to another one than stands before it."""
        if number == 1:
            self.say(Fault.REPLACED, 1, "Entry 1 is not the first one that was written: it was put in its place.")
        elif self.last_id not in self.broken:
            self.say(
                Fault.REPLACED,
                self.last_id,
                f"Entry {self.last_id} is not the one that entry {number} was chained to: it was changed or put in place of another, "
                "and given a hash of its own.",
            )

    def compare(self, entry: Entry) -> None:
        """The anchors that name this entry must name its hash."""
        number = entry["id"]
        for anchor in self.anchors.pop(number, ()):
            if anchor.hash == entry["hash"]:
                self.anchored = number
                continue
            self.say(
                Fault.REWRITTEN,
                number,
                f"Entry {number} is not the one that was anchored on {anchor.day.isoformat()}: the log was written anew "
                f"after entry {self.anchored}, and with it every hash since.",
            )

    def say(self, fault: Fault, number: int | None, sentence: str) -> None:
        """Keep a finding, unless there are too many already."""
        if len(self.findings) < FINDINGS_AT_MOST:
            self.findings.append(Finding(fault, number, sentence))


def _findings(walk: _Walk, head: Any) -> list[Finding]:
    """Everything that is wrong, by the number of the entry; the head last."""
    _explain_broken(walk)
    for first, last in walk.gaps:
        walk.say(Fault.DELETED, first, f"{_entries(first, last)} missing in the middle of the log: deleted.")
    _check_head(walk, head)
    for anchor in (a for number in sorted(walk.anchors) for a in walk.anchors[number]):
        sentence = f"Entry {anchor.last_id}, anchored on {anchor.day.isoformat()}, is not in the log: deleted since."
        walk.say(Fault.DELETED, anchor.last_id, sentence)
    return sorted(walk.findings, key=lambda f: (f.entry_id is None, f.entry_id or 0))


def _explain_broken(walk: _Walk) -> None:
    """An entry whose hash does not fit its content was changed, unless it fits under another number: then it was moved or swapped."""
    inserted = {f.entry_id for f in walk.findings if f.fault is Fault.INSERTED}
    missing = [n for first, last in walk.gaps for n in range(first, min(last, first + CANDIDATES_AT_MOST) + 1)]
    if walk.last_of_head is not None:
        end = min(walk.last_of_head, walk.last_id + CANDIDATES_AT_MOST)
        missing += range(walk.last_id + 1, end + 1)
    origins = {number: _origin(entry, [*walk.broken, *missing]) for number, entry in walk.broken.items()}
    for number, origin in origins.items():
        if origin is None:
            if number not in inserted:
                walk.say(
                    Fault.EDITED, number, f"Entry {number} was changed after it was written: its hash does not fit it."
                )
        elif origins.get(origin) != number:
            walk.say(Fault.MOVED, number, f"Entry {number} was written as entry {origin} and moved.")
        elif number < origin:
            walk.say(Fault.SWAPPED, number, f"Entries {number} and {origin} were swapped.")


def _origin(entry: Entry, numbers: Sequence[int]) -> int | None:
    """The number under which this entry's content fits its hash."""
    others = (number for number in numbers[:CANDIDATES_AT_MOST] if number != entry["id"])
    return next((n for n in others if entry_hash({**entry, "id": n}) == entry["hash"]), None)


def _check_head(walk: _Walk, head: Any) -> None:
    if head is None:
        walk.say(Fault.HEAD, None, "The head of the log is missing: it was deleted.")
    elif head.last_id > walk.last_id:
        words = _entries(walk.last_id + 1, head.last_id)
        walk.say(
            Fault.DELETED_NEWEST, walk.last_id + 1, f"{words} missing at the end of the log: the newest were deleted."
        )
    elif walk.last_hash is not None and head.hash != walk.last_hash:
        sentence = f"The head of the log does not fit its newest entry, {walk.last_id}: one of the two was changed."
        walk.say(Fault.HEAD, walk.last_id, sentence)
    elif head.entries != walk.last_id:
        walk.say(
            Fault.HEAD, None, f"The head of the log counts {head.entries} entries where {walk.last_id} were written."
        )


def _entries(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"

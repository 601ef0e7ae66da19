"""The services at two sizes of the same database."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from bench.asked import GROUPS, ROWS, Asked, Group, Subject, shown, subject
from bench.databases import Opened, fill
from bench.results import Result
from bench.timing import Call, Clock, in_turns, once, percentile
from cts.services import listings, search, similar, waiting
from cts.services.actor import Actor
from cts.services.board_places import AT_ONCE
from cts.services.listing_rows import ListingRow
from db.session import close_database, engine

PAGES = ((listings, "PAGE_SIZE"), (waiting, "PAGE_SIZE"), (search, "SHOWN_AT_MOST"), (similar, "SHOWN_AT_MOST"))
"""How many rows each list shows at once."""
ASKED_BEFORE = 12
"""So often PostgreSQL is asked a statement before it keeps a plan of it, and some times more."""
READ = "rows_of"
"""What reads the rows that a listing shows."""


def compare(
    kind: str, urls: Mapping[int, str], size: int, *, processor: bool = False, only: str = ""
) -> Iterator[Result]:
    """Fill a database of each size that is not there yet, then ask the smaller and the larger in turns what `only` is in the name of.

    `processor`: the time of processors, CTS's own and that of the server of the database, instead of the time that passes.
    """
    for wanted, url in urls.items():
        if not _is_there(url):
            print(f"… making {wanted:,} assignments on {kind}", flush=True)
            fill(url, wanted)
            close_database()
    opened = {wanted: Opened(url) for wanted, url in urls.items()}
    subjects: dict[int, Subject] = {}
    for wanted, database in opened.items():
        database.use()
        subjects[wanted] = subject()
    clock = _of_processors(opened) if processor else time.perf_counter
    for group in GROUPS:
        for name, ask in group.cases():
            if only in name:
                small, large = (_on(opened[n], ask, subjects[n]) for n in (group.small, size))
                yield _measured(f"{kind}, {size:,}/{group.small:,}", name, group, small, large, clock)
    for database in opened.values():
        database.close()


def _is_there(url: str) -> bool:
    """Whether a SQLite file is there from an earlier run."""
    return url.startswith("sqlite:///") and Path(url.removeprefix("sqlite:///")).exists()


def _measured(of: str, name: str, group: Group, small: Call, large: Call, clock: Clock) -> Result:
    """One case. Where the smaller database has less to show, as much is shown of the larger; its whole page is told in the name."""
    few, many = shown(small()), shown(large())
    less = {what: few.get(what, 0) for what, number in many.items() if few.get(what, 0) < number}
    if not less:
        before, after, noise = in_turns(small, large, clock=clock, before=ASKED_BEFORE)
        return Result(of, name, before, after, group.limit, noise)
    whole = percentile([once(large, clock) for _ in range(7)], 0.25)
    with showing(less):
        before, after, noise = in_turns(small, large, clock=clock, before=ASKED_BEFORE)
    told = ", ".join(f"{few.get(what, 0)} of {many[what]} {what}" for what in less)
    return Result(of, f"{name}; {told} (all in {whole:.2f})", before, after, group.limit, noise)


@contextmanager
def showing(most: Mapping[str, int]) -> Iterator[None]:
    """Lists and dashboards show so much at once. What is looked for, counted and put in order stays what it is.

    No rows: the first is found, and what stands on it is not read, as nothing is read where none is found.
    """
    sizes = [getattr(module, name) for module, name in PAGES]
    places, read = dict(AT_ONCE), getattr(listings, READ)
    at_most = {what: max(1, number) for what, number in most.items()}
    try:
        for (module, name), size in zip(PAGES, sizes, strict=True):
            setattr(module, name, min(at_most.get(ROWS, size), size))
        AT_ONCE.update({what: min(at_most.get(what, number), number) for what, number in places.items()})
        if most.get(ROWS) == 0:
            setattr(listings, READ, _nothing_read)
        yield
    finally:
        setattr(listings, READ, read)
        AT_ONCE.update(places)
        for (module, name), size in zip(PAGES, sizes, strict=True):
            setattr(module, name, size)


def _nothing_read(_session: Session, _actor: Actor, _ids: Sequence[int]) -> tuple[ListingRow, ...]:
    return ()


def _of_processors(opened: Mapping[int, Opened]) -> Clock:
    """Seconds that this process, and on PostgreSQL the servers of its connections, have been at work: a dashboard asks over two."""
    servers: list[Path] = []

    def served(connection: Any, _record: Any) -> None:
        servers.append(Path(f"/proc/{connection.info.backend_pid}/schedstat"))

    for database in opened.values():
        database.use()
        if engine().dialect.name == "postgresql":
            event.listen(engine(), "connect", served)
            engine().dispose()  # those that are open already are made anew
    return partial(_at_work, servers)


def _at_work(servers: Sequence[Path]) -> float:
    return time.process_time() + sum(int(server.read_text().split()[0]) for server in servers) / 1e9


def _on(database: Opened, ask: Asked, who: Subject) -> Call:
    """The question, to this database. Changing from one to the other is nothing but an assignment of three names."""

    def call() -> object:
        database.use()
        return ask(who)

    return call

"""The services at two sizes of the same database."""

from collections.abc import Iterator

from bench.asked import GROUPS, Asked, Subject, subject
from bench.databases import Opened, fill
from bench.results import Result
from bench.timing import Call, in_turns
from db.session import close_database


def compare(kind: str, urls: dict[int, str], size: int) -> Iterator[Result]:
    """Fill a database of each size, then ask the smaller and the larger in turns."""
    for wanted, url in urls.items():
        print(f"… making {wanted:,} assignments on {kind}", flush=True)
        fill(url, wanted)
        close_database()
    opened = {wanted: Opened(url) for wanted, url in urls.items()}
    subjects: dict[int, Subject] = {}
    for wanted, database in opened.items():
        database.use()
        subjects[wanted] = subject()
    for group in GROUPS:
        for name, ask in group.cases():
            small = _on(opened[group.small], ask, subjects[group.small])
            large = _on(opened[size], ask, subjects[size])
            before, after, noise = in_turns(small, large)
            yield Result(f"{kind}, {size:,}/{group.small:,}", name, before, after, group.limit, noise)
    for database in opened.values():
        database.close()


def _on(database: Opened, ask: Asked, who: Subject) -> Call:
    """The question, to this database. Changing from one to the other is nothing but an assignment of three names."""

    def call() -> object:
        database.use()
        return ask(who)

    return call

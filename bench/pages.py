"""Server time of a rerun through the real WebSocket: Home and a section of the Referral, beside the same widgets without CTS."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from bench.results import Result
from bench.served import Bare, Window, serve
from bench.timing import in_turns
from cts.domain.vocabulary import Status
from db.models import Account, Assignment
from db.session import close_database, open_database, reading

LIMIT = 1.5


def pages(folder: Path, rows: int) -> Iterator[Result]:
    """Home of CSEC Administration and of a case worker; a section of a Referral that is being written."""
    site, bare = serve(folder, rows), Bare(folder / "bare", {})
    bare.start()
    try:
        number = _own_referral(site.cts.database_url)
        table = Window(bare.base_url)
        for user in ("csec.administration", "csw"):
            home = Window(site.base_url, site.sign_in(user))
            yield _beside(f"home of {user}, {rows:,} rows", table, home)
        referral = Window(site.base_url, site.sign_in("csw"), "assignment", f"number={number}")
        referral.rerun()
        section, _ = max((pair for pair in referral.fragments.items() if pair[0]), key=lambda pair: pair[1])
        referral.fragment = section
        referral.rerun()
        print("a section of the Referral draws:", ", ".join(referral.drawn))
        form = Window(bare.base_url, query=f"form={'.'.join(referral.drawn)}")
        yield _beside("the longest section of the Referral, after an answer", form, referral)
    finally:
        site.cts.stop()
        bare.stop()


def _beside(name: str, bare: Window, own: Window) -> Result:
    against, measured, noise = in_turns(bare.rerun, own.rerun, seconds=6)
    print(f"{name}: {len(own.drawn)} elements, the bare page {len(bare.drawn)}")
    return Result("page", name, against, measured, LIMIT, noise)


def _own_referral(url: str) -> int:
    """A New assignment of the case worker who has an account."""
    open_database(url)
    with reading() as session:
        own = select(Assignment.number).join(Account, Account.person_id == Assignment.worker_id)
        number = session.scalar(own.where(Account.user_name == "csw", Assignment.status == Status.NEW).limit(1))
    close_database()
    assert number is not None
    return number

"""Runs of the checks: one server a night, kept, shown to those who may, told by e-mail once for what is new."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from cts.jobs.nightly import work_if_time
from cts.services import check_runs
from cts.services.check_runs import INTERRUPTED_AFTER, check_now, claim_night, health, make_run
from cts.services.outbox import claim_due
from cts.services.refusals import NotPermitted, OutOfDate
from cts.settings import settings
from db.models import CheckRun, EmailOwed
from db.session import reading, writing
from tests.cast import NOW, Cast, make_cast

DAY = date(2026, 11, 2)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def emails() -> list[EmailOwed]:
    with reading() as session:
        wanted = EmailOwed.template == check_runs.HEALTH_DIGEST
        return list(session.scalars(select(EmailOwed).where(wanted).order_by(EmailOwed.id)))


def break_flag(number: int) -> None:
    with writing() as session:
        session.execute(text("UPDATE assignment SET flag_ended_on = '2026-10-30' WHERE number = :n"), {"n": number})


def run(minutes: int) -> None:
    moment = NOW + timedelta(minutes=minutes)
    with writing() as session:
        row = CheckRun(night=None, started_at=moment, findings={})
        session.add(row)
        session.flush()
        run_id = row.id
    make_run(run_id, moment)


def test_of_many_servers_one_has_the_night(cast: Cast) -> None:
    claims: list[int | None] = []
    servers = [Thread(target=lambda: claims.append(claim_night(DAY, NOW))) for _ in range(6)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    won = [claim for claim in claims if claim is not None]
    assert len(claims) == 6 and len(won) == 1
    assert claim_night(DAY, NOW + INTERRUPTED_AFTER / 2) is None, "it is still under way"
    assert claim_night(DAY, NOW + INTERRUPTED_AFTER * 2) == won[0], "the server was killed: another takes it over"
    make_run(won[0], NOW + INTERRUPTED_AFTER * 2)
    assert claim_night(DAY, NOW + INTERRUPTED_AFTER * 9) is None, "it is done"
    assert make_run(won[0], NOW + INTERRUPTED_AFTER * 9) == (), "and is not done again"


def test_the_work_of_the_night_begins_at_its_hour(cast: Cast) -> None:
    midnight = NOW.replace(hour=8)  # of Los Angeles
    assert work_if_time(midnight + timedelta(minutes=30), settings(), None) is None
    assert work_if_time(midnight + timedelta(hours=2), settings(), None) == DAY
    assert work_if_time(midnight + timedelta(hours=3), settings(), DAY) == DAY
    assert work_if_time(midnight + timedelta(hours=26), settings(), DAY) == DAY + timedelta(days=1)
    with reading() as session:
        assert [r.night for r in session.scalars(select(CheckRun))] == [DAY, DAY + timedelta(days=1)]


def test_what_is_new_is_told_once_to_support_and_administration(cast: Cast) -> None:
    run(0)
    before = len(emails())
    run(1)
    assert len(emails()) == before, "nothing new"
    break_flag(cast.dcfs_number)
    run(2)
    told = emails()[before:]
    assert sorted(e.to_person_id for e in told) == sorted(
        cast.people[key].person_id for key in ("admin", "admin_second", "support")
    )
    assert told[0].details["items"] == ["Not so: Flag and status agree.", "Found: 1."]
    assert "Canary" not in str(told[0].details) and "Zoë" not in str(told[0].details)
    assert claim_due(NOW + timedelta(minutes=3), "a sender") != ()
    run(3)
    assert len(emails()) == before + 3
    break_flag(cast.probation_number)
    run(4)
    assert len(emails()) == before + 6, "another one is new"


def test_who_reads_the_page_and_what_it_says(cast: Cast) -> None:
    assert health(cast.support, NOW).when == ""
    break_flag(cast.dcfs_number)
    run(0)
    for reader in (cast.admin, cast.support):
        found = health(reader, NOW, opened=True)
        assert {o.key: o.shown for o in found.wrong}["flags"] == (f"Assignment {cast.dcfs_number}: New",)
        assert found.when == "11/02/2026 09:00 AM"
        assert not {o.key for o in found.wrong} & {c.key for c in found.well}
    for other in set(cast.people) - {"admin", "admin_second", "support"}:
        for function in (health, check_now):
            with pytest.raises(NotPermitted):
                function(cast.people[other], NOW)


def test_checking_now_is_done_in_a_process_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Process:
        ended: int | None = None

        def __init__(self, command: list[str], **_options: Any) -> None:
            started.append(command)

        def poll(self) -> int | None:
            return self.ended

    monkeypatch.setattr(check_runs.subprocess, "Popen", Process)
    check_now(cast.support, NOW)
    assert health(cast.admin, NOW).since == "11/02/2026 09:00 AM"
    with pytest.raises(OutOfDate):
        check_now(cast.admin, NOW + timedelta(minutes=1))
    run_id = int(started[0][-1])
    make_run(run_id, NOW + timedelta(minutes=2))
    found = health(cast.admin, NOW + timedelta(minutes=2))
    assert (found.since, found.by, found.when) == ("", "Stella Support", "11/02/2026 09:02 AM")
    check_now(cast.support, NOW + timedelta(minutes=3))
    monkeypatch.setattr(Process, "ended", 1)
    assert health(cast.admin, NOW + timedelta(minutes=3)).since == "", "it was killed: another may begin"
    assert started[0][1:4] == ["-m", "cts", "doctor"]

"""Loading as a whole: who may, preview, older files, interruption, two at once, size, the refused lines as a file."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cts.services.actor import SYSTEM
from cts.services.extract import list_loads, load_extract, preview_extract, refused_lines_csv
from cts.services.extract_lock import only_loader
from cts.services.extract_refusals import formula_safe
from cts.services.extract_run import keep_upload, run_progress, start_run
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import AccessEntry, HistoryEntry, ReviewedDocument, Stay
from db.session import reading
from tests.cast import Cast, make_cast
from tests.parts.extracts import FIRST, LOG, MESSY, NOW, SECOND, assignments, dump, row, write

PEOPLE_WHO_MAY_NOT = ["csw", "scsw", "dpo", "sdpo", "coordinator", "advocate", "support"]


@pytest.fixture
def cast(sqlite_database: Engine) -> Cast:
    return make_cast()


def test_status_stay_and_history_agree_after_loads(database: Engine) -> None:
    load_extract(SYSTEM, FIRST, NOW)
    load_extract(SYSTEM, SECOND, NOW)
    with reading() as session:
        documents = {d.assignment_id: d for d in session.scalars(select(ReviewedDocument))}
        stays = {s.document_id: s for s in session.scalars(select(Stay).where(Stay.left_at.is_(None)))}
        last = {
            e.assignment_id: e.status_after
            for e in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
            if e.status_after
        }
    for assignment in assignments():
        document = documents.pop(assignment.id)
        assert document.status == assignment.status == last[assignment.id]
        stay = stays.pop(document.id, None)
        assert (assignment.closed_at is None) == (assignment.status == "New") == (stay is not None)
        if stay is not None:
            assert (stay.status, stay.party) == ("New", "case worker")
            assert (stay.person_id, stay.office_code) == (assignment.worker_id, assignment.office_code)
    assert documents == stays == {}


@pytest.mark.parametrize("who", PEOPLE_WHO_MAY_NOT)
def test_nobody_but_administration_may(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    before = dump(cast_engine(), LOG)
    for attempt in (
        lambda: preview_extract(actor, FIRST, NOW),
        lambda: load_extract(actor, FIRST, NOW),
        lambda: list_loads(actor, NOW),
        lambda: refused_lines_csv(actor, 1, NOW),
        lambda: refused_lines_csv(actor, FIRST, NOW),
        lambda: keep_upload(actor, b"", NOW),
        lambda: start_run(actor, "0" * 32, "x.csv", NOW),
        lambda: run_progress(actor, "0" * 32, NOW),
    ):
        with pytest.raises(NotPermitted, match="CSEC Administration"):
            attempt()
    assert dump(cast_engine(), LOG) == before
    with reading() as session:
        refused = session.scalars(select(AccessEntry.outcome).where(AccessEntry.actor_id == actor.person_id)).all()
    assert refused == ["refused"] * 8


def cast_engine() -> Engine:
    from db.session import engine

    return engine()


def test_administration_loads_and_it_is_logged(cast: Cast) -> None:
    report = load_extract(cast.admin, FIRST, NOW)
    [load] = list_loads(cast.admin, NOW)
    assert (load.load_id, load.file_name, load.loaded_by) == (report.load_id, FIRST.name, "Administrator, Ada")
    assert load.counts == report.counts.as_dict()
    assert report.counts.new == 268
    assert report.counts.gone == 2  # the two youth of the cast are in no extract
    assert min(a.number for a in assignments()) == 10_001
    assert len({a.number for a in assignments()}) == 270


def test_a_preview_says_what_the_load_then_does_and_writes_nothing(cast: Cast) -> None:
    for path in (FIRST, SECOND):
        before = dump(cast_engine(), {"access_entry", "access_head"})
        preview = preview_extract(cast.admin, path, NOW)
        assert dump(cast_engine(), {"access_entry", "access_head"}) == before
        assert not preview.loaded_before
        report = load_extract(cast.admin, path, NOW)
        assert (preview.counts, preview.refusals) == (report.counts, report.refusals)
    assert preview_extract(cast.admin, SECOND, NOW).loaded_before


def test_an_older_file_is_refused_unless_forced(sqlite_database: Engine) -> None:
    load_extract(SYSTEM, SECOND, NOW)
    before = dump(sqlite_database, {"access_entry", "access_head"})
    assert str(preview_extract(SYSTEM, FIRST, NOW).older_than) == "2026-11-03"
    with pytest.raises(OutOfDate, match="of 11/02/2026, older than the last one loaded, of 11/03/2026"):
        load_extract(SYSTEM, FIRST, NOW)
    assert dump(sqlite_database, {"access_entry", "access_head"}) == before
    assert load_extract(SYSTEM, FIRST, NOW, force=True).counts.changed > 0
    load_extract(SYSTEM, SECOND, NOW)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "none of the extract's headings"),
        ("client_id,last_name\n", "lacks required columns"),
    ],
)
def test_nothing_is_loaded_from_what_is_no_extract(
    sqlite_database: Engine, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    before = dump(sqlite_database, set())
    for act in (load_extract, preview_extract):
        with pytest.raises(Incomplete, match=words):
            act(SYSTEM, path, NOW)
    assert dump(sqlite_database, set()) == before


def test_a_file_without_one_good_line_changes_nothing(sqlite_database: Engine, tmp_path: Path) -> None:
    load_extract(SYSTEM, FIRST, NOW)
    before = dump(sqlite_database, set())
    with pytest.raises(Incomplete, match=r"no line of the file could be read\. The first one: line 2"):
        load_extract(SYSTEM, write(tmp_path / "x.csv", row(sex="X"), row(sex="X")), NOW)
    path = write(tmp_path / "y.csv", row())
    path.write_text(path.read_text().splitlines()[0])
    with pytest.raises(Incomplete, match="no lines"):
        load_extract(SYSTEM, path, NOW)
    assert dump(sqlite_database, set()) == before


def test_of_two_loads_at_once_one_is_refused(database: Engine) -> None:
    with only_loader(database), pytest.raises(OutOfDate, match="Another extract is being loaded"):
        load_extract(SYSTEM, FIRST, NOW)
    assert assignments() == []
    load_extract(SYSTEM, FIRST, NOW)


def test_an_error_in_the_middle_leaves_nothing(database: Engine) -> None:
    before = dump(database, set())

    def fail(fraction: float, _words: str) -> None:
        if fraction > 0.9:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        load_extract(SYSTEM, FIRST, NOW, progress=fail)
    assert dump(database, set()) == before
    assert list((settings().var_dir / "staging").iterdir()) == []
    assert load_extract(SYSTEM, FIRST, NOW).counts.new == 268


def test_progress_rises_to_the_end(sqlite_database: Engine) -> None:
    told: list[tuple[float, str]] = []
    load_extract(SYSTEM, FIRST, NOW, progress=lambda fraction, words: told.append((fraction, words)))
    assert [f for f, _ in told] == sorted(f for f, _ in told)
    assert told[-1] == (1.0, "Done")
    assert list(dict.fromkeys(w for _, w in told)) == [
        "Reading the file",
        "Comparing with CTS",
        "Writing the changes",
        "Done",
    ]


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_refused_lines_come_back_as_typed_with_reasons(database: Engine) -> None:
    report = load_extract(SYSTEM, MESSY, NOW)
    content = refused_lines_csv(SYSTEM, report.load_id, NOW)
    rows = read_csv(content)
    assert [int(r["refused_line"]) for r in rows] == [3, 4, 7, 9, 11, 13, 15, 17, 19, 21, 31, 44]
    assert rows[1]["refused_because"] == "birth_date: This is not a date. Write it as 2026-11-30 or 11/30/2026."
    assert rows[1]["Birth Date"] == "02/30/2011"
    assert rows[0]["Last Name"] == "Franklin                 "
    assert content == refused_lines_csv(SYSTEM, MESSY, NOW)
    with reading() as session:
        logged = session.scalars(select(AccessEntry).where(AccessEntry.action == "download refused lines"))
        assert [entry.details for entry in logged] == [{"load_id": report.load_id}, {}]


def test_a_mended_file_of_refused_lines_loads(sqlite_database: Engine, tmp_path: Path) -> None:
    content = refused_lines_csv(SYSTEM, load_extract(SYSTEM, MESSY, NOW).load_id, NOW)
    path = tmp_path / "mended.csv"
    path.write_bytes(content.replace(b"02/30/2011", b"02/28/2011"))
    assert preview_extract(SYSTEM, path, NOW).counts.new == 1


def test_no_cell_of_the_refused_lines_is_a_formula(sqlite_database: Engine, tmp_path: Path) -> None:
    bad = row(sex="X", last_name="=1+1", case_name="@SUM(A1)", referral_name=" +1", unit="-1", response_type="\t=1\x00")
    path = write(tmp_path / "x.csv", row(), bad)
    [line] = read_csv(refused_lines_csv(SYSTEM, load_extract(SYSTEM, path, NOW).load_id, NOW))
    assert line["last_name"] == "'=1+1"
    assert [v for v in line.values() if v.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert [formula_safe(text) for text in ("a=b", "", "-", "=x")] == ["a=b", "", "'-", "'=x"]


def test_there_is_no_such_load(sqlite_database: Engine) -> None:
    with pytest.raises(NotPermitted):
        refused_lines_csv(SYSTEM, 99, NOW)

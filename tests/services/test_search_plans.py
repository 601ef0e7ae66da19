"""How both databases answer a search: by an index of what was typed, never by going through all youth or assignments."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from cts.domain.filters import Filters
from cts.services import similar as similar_names
from cts.services.criteria import Criteria
from cts.services.listings import listing
from cts.services.search import search_elsewhere
from cts.services.similar import beside_listing, date_meant
from db.session import engine
from tests.cast import NOW, TODAY, Cast, make_cast
from tests.parts.many_youth import add_many

LARGE = {"youth", "assignment", "youth_name_part", "youth_full_name", "name_spelling"}
SEARCHES = {
    "Referral #": Criteria(referral_number="3000010000001".rjust(19, "0")),
    "Case #": Criteria(case_number="4000010000001".rjust(19, "0")),
    "State ID": Criteria(state_id="8 000010"),
    "PDJ #": Criteria(pdj_number="pj10"),
    "birth date": Criteria(birth_date=date(2008, 5, 6)),
    "last name": Criteria(last_name="bade"),
    "common last name": Criteria(last_name="rodriguez"),
    "first name": Criteria(first_name="mari"),
    "both names": Criteria(last_name="rodr", first_name="maria"),
    "two words": Criteria(last_name="bade rodriguez"),
    "misspelt last name": Criteria(last_name="rodrigues"),
    "misspelt both names": Criteria(last_name="rodrigues", first_name="marya"),
    "exchanged names": Criteria(last_name="maria", first_name="rodriguez"),
    "first name as last": Criteria(last_name="maria"),
    "name and birth date": Criteria(last_name="rodrigues", birth_date=date(2008, 5, 6)),
    "name and State ID": Criteria(last_name="rodrigues", state_id="8-000010"),
    "nobody": Criteria(last_name="xyzzyq"),
}
YOUTH = 2_500


@pytest.fixture
def cast(database: Engine) -> Cast:
    cast = make_cast()
    add_many(cast, YOUTH)
    return cast


Statement = tuple[str, Any]


@contextmanager
def watched() -> Iterator[list[Statement]]:
    """The SELECTs of large tables that are sent meanwhile."""
    sent: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT") and any(table in statement for table in LARGE):
            sent.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def full_scans(sent: list[Statement]) -> list[str]:
    """Of these, every large table that is gone through from end to end, or from end to end of an index, with the statement."""
    look = _scans_of_sqlite if engine().dialect.name == "sqlite" else _scans_of_postgres
    found = []
    with engine().connect() as connection:
        cursor = connection.connection.cursor()
        for statement, parameters in sent:
            found += [f"{table}: {statement}" for table in look(cursor, statement, parameters)]
    return found


def _scans_of_sqlite(cursor: Any, statement: str, parameters: Any) -> list[str]:
    steps = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    words = [str(step[3]).split() for step in steps]
    return [step[1] for step in words if step[0] == "SCAN" and step[1].rstrip("_0123456789") in LARGE]


def _scans_of_postgres(cursor: Any, statement: str, parameters: Any) -> list[str]:
    # So that a table is gone through only where no index helps, however small it is here; an index without a condition is no help.
    # What is read of a table in one go for a join is the small one's preference, too: every step has to find its rows by an index.
    for habit in ("seqscan", "hashjoin", "mergejoin"):
        cursor.execute(f"SET enable_{habit} = off")
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    (plan,) = cursor.fetchone()
    plan = plan if isinstance(plan, list) else json.loads(plan)
    return list(_without_condition(plan[0]["Plan"]))


def _without_condition(node: dict[str, Any]) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name")
    unasked = [
        inner for inner in (node, *node.get("Plans", [])) if "Index" in inner["Node Type"] and "Index Cond" not in inner
    ]
    if table in LARGE and (kind == "Seq Scan" or unasked):
        yield str(table)
    for inner in node.get("Plans", []):
        yield from _without_condition(inner)


def test_no_search_goes_through_a_large_table(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: dict[str, Callable[[Criteria], Any]] = {}
    for who in ("csw", "scsw", "admin"):
        actor = cast.people[who]
        ways[f"listing of {who}"] = lambda c, actor=actor: listing(actor, Filters(), TODAY, criteria=c)
        ways[f"similar for {who}"] = lambda c, actor=actor: beside_listing(actor, Filters(), TODAY, c)
        ways[f"date for {who}"] = lambda c, actor=actor: date_meant(actor, c)
    ways["elsewhere for csw"] = lambda c: search_elsewhere(cast.csw, c, NOW)

    bad, looked_at = {}, set[str]()
    for limit in (similar_names.FEWER_THAN_AN_OFFICE, 50):
        monkeypatch.setattr(similar_names, "FEWER_THAN_AN_OFFICE", limit)
        for way, ask in ways.items():
            for name, criteria in SEARCHES.items():
                with watched() as sent:
                    ask(criteria)
                new = [one for one in sent if one[0] not in looked_at]
                looked_at |= {statement for statement, _ in new}
                if scans := full_scans(new):
                    bad[f"{name}, {way}"] = scans
    assert bad == {}, "\n".join(f"{name} → {scan}" for name, scans in bad.items() for scan in scans)


def test_a_statement_without_an_index_is_seen(cast: Cast) -> None:
    marks = {"sqlite": "?", "postgresql": "%s"}[engine().dialect.name]
    for table, column in (("youth", "middle_name"), ("assignment", "case_name"), ("youth_name_part", "part || 'x'")):
        statement = f"SELECT count(*) FROM {table} WHERE {column} = {marks}"
        assert full_scans([(statement, ("x",))]) == [f"{table}: {statement}"]
    whole_index = f"SELECT kind, part FROM youth_name_part WHERE kind <> {marks} ORDER BY kind, part"
    assert full_scans([(whole_index, ("x",))]) != []

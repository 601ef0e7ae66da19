"""Keeps the counts of the dashboards (db/models/summaries.py) in step with every write: triggers, so that no path can forget them.

A trigger only adds rows, one that takes away and one that adds; nobody waits for anybody, also where two people move documents of the same
status at the same moment. Readers sum. `fold` puts rows of the same kind together (by night, after an extract, after a bulk load);
`recount` counts everything anew from the tables themselves. Decision 0050.
"""

# ruff: noqa: S608 - every statement is made of the names of our own tables and columns

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from db.models import AssignmentTally, ServedTally, StayTally
from db.models.rows import Row

TALLIES = (StayTally, AssignmentTally, ServedTally)
SUMMED = frozenset({"number", "cents"})
_READ_ORDER = ("level", "state", "scope", "trait", "document", "month", "status", "days")
LEVELS = "(SELECT 'program' AS level UNION ALL SELECT 'office' UNION ALL SELECT 'agency') l"

_SCOPE = (
    "CASE l.level WHEN 'office' THEN {a}.office_code WHEN 'agency' THEN CAST({a}.agency_id AS VARCHAR(20)) ELSE '' END"
)
_SEEN_BY = "CASE WHEN l.level = 'office' AND {sensitivity} <> 'N' THEN COALESCE({a}.supervisor_id, -1) ELSE 0 END"
_HAS_LEVEL = "(l.level <> 'agency' OR {a}.agency_id IS NOT NULL)"
# An agency's counts hold what lasted since it was given the youth, as its history does: what was decided before is not its to know.
_SINCE_GIVEN = "(l.level <> 'agency' OR {s}.left_at IS NULL OR {s}.left_at > {a}.agency_assigned_at)"
_TRAITS = "(SELECT 'sex' AS trait UNION ALL SELECT 'race' UNION ALL SELECT 'birth_month') t"

_STATE = "CASE WHEN {s}.left_on IS NOT NULL THEN 'ended' WHEN {s}.halted_on IS NOT NULL THEN 'held' ELSE 'open' END"
_SINCE = "CASE WHEN {s}.left_on IS NULL AND {s}.halted_on IS NULL THEN {s}.counted_from END"
_MONTH = {"sqlite": "COALESCE(SUBSTR({0}, 1, 7), '')", "postgresql": "COALESCE(TO_CHAR({0}, 'YYYY-MM'), '')"}

_PLACE = ("office_code", "agency_id", "supervisor_id", "youth_id")
_WHOSE_STAYS = (*_PLACE, "agency_assigned_at")
_OF_ASSIGNMENT = (*_PLACE, "status", "advocate_id")
_OF_STAY = (
    "status",
    "party",
    "counted_from",
    "halted_on",
    "left_on",
    "left_at",
    "days",
    "ended_by",
    "end_reason",
    "cents",
)
_OF_YOUTH = ("sensitivity", "sex", "race_ethnicity", "birth_date")


def _columns(tally: type[Row]) -> list[str]:
    return [c.name for c in tally.__table__.columns if c.name != "id"]


@dataclass(frozen=True)
class Source:
    """From which rows a count is made: `tables` are the FROM and WHERE, the others the names under which its parts stand there."""

    tally: type[Row]
    tables: str
    s: str = "s"
    a: str = "a"
    sensitivity: str = "y.sensitivity"
    y: str = "y"

    def insert(self, sign: str, dialect: str) -> str:
        """The statement that adds these rows, or takes them away."""
        into = f"INSERT INTO {self.tally.__tablename__} ({', '.join(_columns(self.tally))})"
        return f"{into} {self.select(sign, dialect)}"

    def select(self, sign: str, dialect: str) -> str:
        """These rows, in the order of the columns of the tally."""
        month = _MONTH[dialect]
        selected = {
            "stay_tally": f"{_STATE}, d.kind, {{s}}.status, {{s}}.party, {{s}}.ended_by, {{s}}.end_reason,"
            f" {month.format('{s}.left_on')}, {_SINCE}, {{s}}.days, {sign}1, {sign}{{s}}.cents",
            "assignment_tally": f"{{a}}.status, {{a}}.agency_id, {{a}}.advocate_id, {sign}1",
            "served_tally": "t.trait, CASE t.trait WHEN 'sex' THEN {y}.sex WHEN 'race' THEN {y}.race_ethnicity"
            f" ELSE {month.format('{y}.birth_date')} END, {sign}1",
        }[self.tally.__tablename__]
        names = {"s": self.s, "a": self.a, "y": self.y, "sensitivity": self.sensitivity}
        counts = f"{_HAS_LEVEL} AND {_SINCE_GIVEN}" if self.tally is StayTally else _HAS_LEVEL
        sentence = f"SELECT l.level, {_SCOPE}, {_SEEN_BY}, {selected} FROM {self.tables} AND {counts}"
        return sentence.format(**names)


def _stays(of: str, restriction: str) -> str:
    """Documents and levels beside stays; `of` are further tables."""
    return f"{of} JOIN document d ON d.id = s.document_id CROSS JOIN {LEVELS} WHERE {restriction}"


def _of_stay(row: str) -> list[Source]:
    tables = (
        f"document d JOIN assignment a ON a.id = {row}.assignment_id JOIN youth y ON y.id = a.youth_id"
        f" CROSS JOIN {LEVELS} WHERE d.id = {row}.document_id"
    )
    return [Source(StayTally, tables, s=row)]


def _of_assignment(row: str) -> list[Source]:
    youth = f"youth y CROSS JOIN {LEVELS}"
    served = f"y.id = {row}.youth_id AND {row}.status = 'Approved'"
    return [
        Source(AssignmentTally, f"{youth} WHERE y.id = {row}.youth_id", a=row),
        Source(ServedTally, f"{youth} CROSS JOIN {_TRAITS} WHERE {served}", a=row),
    ]


def _stays_of_assignment(row: str) -> list[Source]:
    sensitivity = f"(SELECT y.sensitivity FROM youth y WHERE y.id = {row}.youth_id)"
    return [Source(StayTally, _stays("stay s", f"s.assignment_id = {row}.id"), a=row, sensitivity=sensitivity)]


def _of_youth(row: str) -> list[Source]:
    sensitivity, mine = f"{row}.sensitivity", f"a.youth_id = {row}.id"
    own = f"assignment a CROSS JOIN {LEVELS}"
    stays = _stays("assignment a JOIN stay s ON s.assignment_id = a.id", mine)
    served = f"{own} CROSS JOIN {_TRAITS} WHERE {mine} AND a.status = 'Approved'"
    return [
        Source(StayTally, stays, sensitivity=sensitivity),
        Source(AssignmentTally, f"{own} WHERE {mine}", sensitivity=sensitivity),
        Source(ServedTally, served, sensitivity=sensitivity, y=row),
    ]


def _everything() -> list[Source]:
    youth = "assignment a JOIN youth y ON y.id = a.youth_id"
    stays = _stays(f"stay s JOIN {youth.replace('assignment a', 'assignment a ON a.id = s.assignment_id')}", "1 = 1")
    return [
        Source(StayTally, stays),
        Source(AssignmentTally, f"{youth} CROSS JOIN {LEVELS} WHERE 1 = 1"),
        Source(ServedTally, f"{youth} CROSS JOIN {LEVELS} CROSS JOIN {_TRAITS} WHERE a.status = 'Approved'"),
    ]


@dataclass(frozen=True)
class Watch:
    """One trigger: after which event of which table what is taken away and what is added."""

    name: str
    table: str
    event: str
    columns: tuple[str, ...] = ()
    taken: tuple[Source, ...] = ()
    added: tuple[Source, ...] = ()

    def statements(self, dialect: str) -> list[str]:
        """What the trigger does."""
        return [s.insert("-", dialect) for s in self.taken] + [s.insert("", dialect) for s in self.added]


def _watches() -> Iterator[Watch]:
    for table, of, columns in (
        ("stay", _of_stay, _OF_STAY),
        ("assignment", _of_assignment, _OF_ASSIGNMENT),
    ):
        yield Watch(f"{table}_counted_new", table, "INSERT", added=tuple(of("NEW")))
        yield Watch(f"{table}_counted_gone", table, "DELETE", taken=tuple(of("OLD")))
        yield Watch(f"{table}_counted_anew", table, "UPDATE", columns, tuple(of("OLD")), tuple(of("NEW")))
    moved = tuple(_stays_of_assignment("OLD")), tuple(_stays_of_assignment("NEW"))
    yield Watch("assignment_counted_moved", "assignment", "UPDATE", _WHOSE_STAYS, *moved)
    yield Watch("youth_counted_anew", "youth", "UPDATE", _OF_YOUTH, tuple(_of_youth("OLD")), tuple(_of_youth("NEW")))


def are_kept(connection: Connection) -> bool:
    """Whether every trigger is there."""
    postgres = connection.dialect.name == "postgresql"
    names = "SELECT tgname FROM pg_trigger" if postgres else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    return {watch.name for watch in _watches()} <= set(connection.scalars(text(names)))


def stop_keeping(connection: Connection) -> None:
    """Remove the triggers: before tables are made anew, to which they refer."""
    on = " ON {0}" if connection.dialect.name == "postgresql" else ""
    tables = connection.dialect.get_table_names(connection)
    for watch in _watches():
        if watch.table in tables:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {watch.name}{on.format(watch.table)}")


def keep(connection: Connection) -> None:
    """Make the triggers anew, and count everything anew: what happened without them is in it."""
    stop_keeping(connection)
    for watch in _watches():
        _make(connection, watch)
    recount(connection)


def _make(connection: Connection, watch: Watch) -> None:
    dialect = connection.dialect.name
    body = "; ".join(watch.statements(dialect))
    differ = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    event = f"UPDATE OF {', '.join(watch.columns)}" if watch.columns else watch.event
    changed = " OR ".join(f"OLD.{column} {differ} NEW.{column}" for column in watch.columns)
    when = f" WHEN ({changed})" if changed else ""
    if dialect == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {watch.name} AFTER {event} ON {watch.table} FOR EACH ROW{when} BEGIN {body}; END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {watch.name}() RETURNS trigger AS $$ BEGIN {body}; RETURN NULL; END $$ LANGUAGE plpgsql"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {watch.name} AFTER {event} ON {watch.table} FOR EACH ROW{when} EXECUTE FUNCTION {watch.name}()"
    )


def recount(connection: Connection) -> None:
    """Forget all counts and count anew. Nobody else may write meanwhile: a migration, or a bulk load with the county shut out."""
    for source in _everything():
        table, columns = source.tally.__tablename__, ", ".join(_columns(source.tally))
        connection.exec_driver_sql(f"DELETE FROM {table}")
        found = f"WITH found ({columns}) AS ({source.select('', connection.dialect.name)})"
        connection.exec_driver_sql(f"{found} {_summed(source.tally, 'found')}")


def _summed(tally: type[Row], rows: str) -> str:
    """The statement that adds one row for each kind of these rows, sorted as they are read."""
    columns = _columns(tally)
    kinds = ", ".join(c for c in columns if c not in SUMMED)
    wanted = ", ".join(f"SUM({c})" if c in SUMMED else c for c in columns)
    ordered = ", ".join(c for c in _READ_ORDER if c in columns)
    return (
        f"INSERT INTO {tally.__tablename__} ({', '.join(columns)}) SELECT {wanted} FROM {rows}"
        f" GROUP BY {kinds} HAVING SUM(number) <> 0 ORDER BY {ordered}"
    )


def fold(connection: Connection) -> None:
    """Put rows of the same kind together. What others add meanwhile stays beside them."""
    for tally in TALLIES:
        table = tally.__tablename__
        if connection.dialect.name == "postgresql":
            # Of two who fold at once the second finds the rows gone; it sees none of those the first has made.
            connection.exec_driver_sql(f"WITH taken AS (DELETE FROM {table} RETURNING *) {_summed(tally, 'taken')}")
            continue
        last = connection.exec_driver_sql(f"SELECT MAX(id) FROM {table}").scalar() or 0
        connection.exec_driver_sql(_summed(tally, f"{table} WHERE id <= {last}"))
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE id <= {last}")

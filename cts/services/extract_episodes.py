"""The staged lines of an extract as episodes: who they are about, what they agree on, where they contradict each other."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from cts.domain import extract
from cts.domain.extract import EPISODE_COLUMNS, Value
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.services.extract_staging import Episode, add_refusals, episode_of

_PLACE = {name: place for place, name in enumerate(EPISODE_COLUMNS)}
# The extract's date is a fact of the file; what is said of staff is kept with the person, not with each youth.
_NOT_THE_EPISODES = frozenset(
    {"extract_date", "worker_name", "worker_email", "supervisor_name", "supervisor_email", "office_name"}
)
_COMPARED = tuple(place for name, place in _PLACE.items() if name not in _NOT_THE_EPISODES)
_SENSITIVITY_RANK = {None: -1, "N": 0, "S": 1, "R": 2}
_LINES_NAMED = 5
_BATCH = 2000


def _case_lines_join_their_referral(staged: sqlite3.Connection) -> None:
    """A line with the case only is of the same episode as the one referral that was promoted to this case."""
    if staged.execute("SELECT 1 FROM line WHERE referral IS NULL LIMIT 1").fetchone() is None:
        return
    staged.execute("CREATE INDEX line_case ON line (client, case_id, referral)")
    staged.execute(
        "UPDATE line SET episode = (SELECT MIN(o.episode) FROM line o WHERE o.client = line.client AND"
        " o.case_id = line.case_id AND o.referral IS NOT NULL) WHERE referral IS NULL AND (SELECT"
        " COUNT(DISTINCT o.referral) FROM line o WHERE o.client = line.client AND o.case_id = line.case_id) = 1"
    )


def build_episodes(staged: sqlite3.Connection, columns: frozenset[str]) -> None:
    """Fill the table episode. Repeats count once; an episode whose lines contradict each other is refused.

    `columns` are those that the file has: the others are not facts of this extract.
    """
    _case_lines_join_their_referral(staged)
    staged.execute("CREATE INDEX line_episode ON line (episode, number)")
    staged.execute("CREATE INDEX refusal_client ON refusal (client)")
    absent = sorted(frozenset(extract.COLUMN_NAMES) - columns)
    staff, built = _Staff(staged), []
    any_refused = staged.execute("SELECT 1 FROM refusal LIMIT 1").fetchone() is not None
    reader = staged.execute("SELECT episode, number, facts, grid FROM line ORDER BY episode, number")
    for episode, rows in groupby(reader, key=itemgetter(0)):
        _, number, facts, grid_row = next(rows)
        # Two rows of one type and start are one row of the grid: the later line of the file knows its end.
        grid = {grid_row[:15]: grid_row}
        agreed = True
        for row in rows:  # noqa: B031 - the first row was taken above, the others here
            grid[row[3][:15]] = row[3]
            agreed = agreed and row[2] == facts
        if agreed:
            group = _Group(number, facts, json.loads(facts), sorted(grid.values()))
            built.append(_episode_row(staged, staff, group, absent, any_refused))
        else:
            _dispute(staged, episode)
        if len(built) >= _BATCH:
            _store(staged, built)
    _store(staged, built)
    staged.execute("CREATE INDEX episode_client ON episode (client, referral)")
    staged.execute("CREATE INDEX refusal_referral ON refusal (referral)")


def _store(staged: sqlite3.Connection, built: list[tuple[object, ...]]) -> None:
    staged.executemany(
        "INSERT INTO episode (id, client, referral, case_id, facts, grid, hash, partial, ended, recency, sensitivity)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        built,
    )
    built.clear()


@dataclass(frozen=True, slots=True)
class _Group:
    """The lines of one episode that agree: their first number, their facts, the rows of the grid."""

    first_line: int
    facts: str
    values: list[str | None]
    grid: list[str]


_as_json = json.JSONEncoder(ensure_ascii=False).encode


def _episode_row(
    staged: sqlite3.Connection, staff: _Staff, group: _Group, absent: list[str], any_refused: bool
) -> tuple[object, ...]:
    values, grid = group.values, group.grid

    def value(name: str) -> str | None:
        return values[_PLACE[name]]

    staff.add(value)
    client, referral, case = value("client_id"), value("referral_id"), value("case_id")
    partial = any_refused and _has_refused_lines(staged, client, referral, case)
    project_end = value("project_end_date")
    ended = extract.flag_ended_as_unfounded(
        value("disposition"), date.fromisoformat(project_end) if project_end else None
    )
    compared = [values[place] for place in _COMPARED]
    if absent:
        compared = [None if EPISODE_COLUMNS[place] in absent else values[place] for place in _COMPARED]
    content = _as_json([compared, absent, grid, partial])
    return (
        group.first_line,
        client,
        referral,
        case,
        group.facts,
        json.dumps(grid),
        hashlib.blake2b(content.encode(), digest_size=32).hexdigest(),
        partial,
        ended,
        value("referral_date") or value("case_start_date") or grid[-1][5:15],
        _SENSITIVITY_RANK[value("sensitivity")],
    )


def _has_refused_lines(staged: sqlite3.Connection, client: str | None, referral: str | None, case: str | None) -> bool:
    wanted = "referral = ?" if referral else "referral = '' AND case_id = ?"
    statement = f"SELECT 1 FROM refusal WHERE client = ? AND {wanted} LIMIT 1"  # noqa: S608 - no value is in the text
    return staged.execute(statement, (client, referral or case)).fetchone() is not None


class _Staff:
    """Staff and offices as the file states them, the latest line last; what it only says again is not written again."""

    def __init__(self, staged: sqlite3.Connection) -> None:
        self._staged = staged
        self._said: dict[tuple[str, str | None], tuple[str | None, ...]] = {}
        self._supervisors: set[str | None] = set()

    def add(self, value: Callable[[str], str | None]) -> None:
        """The worker, the supervisor and the office of one episode."""
        department, office, unit = value("lead_agency"), value("office_code"), value("unit")
        if self._is_new("office", stated := (office, value("office_name"), department)):
            self._staged.execute("INSERT OR REPLACE INTO office VALUES (?, ?, ?)", stated)
        for party in ("worker", "supervisor"):
            of = (value(f"{party}_id"), value(f"{party}_name"), value(f"{party}_email"), unit, office, department)
            supervises = party == "supervisor" and of[0] not in self._supervisors
            if of[0] and (self._is_new("staff", of) or supervises):
                self._staged.execute(_STAFF, (*of, party == "supervisor"))
                self._supervisors |= {of[0]} if supervises else set()

    def _is_new(self, what: str, stated: tuple[str | None, ...]) -> bool:
        before = self._said.get((what, stated[0]))
        self._said[what, stated[0]] = stated
        return before != stated


# Somebody who supervises anybody is a supervisor, also when carrying a case.
_STAFF = (
    "INSERT INTO staff VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (staff_id) DO UPDATE SET name = excluded.name,"
    " email = excluded.email, unit = excluded.unit, office = excluded.office, department = excluded.department,"
    " supervisor = MAX(supervisor, excluded.supervisor)"
)


def _dispute(staged: sqlite3.Connection, episode: str) -> None:
    """Refuse every line of an episode whose lines contradict each other.

    What all its lines agree on is kept in one respect only: that the referral became a case whose flag is missing.
    A person has to look at exactly that, and the disagreement must not keep the youth off the list of such cases.
    """
    lines = "SELECT number, facts FROM line WHERE episode = ? ORDER BY number"
    first: Episode = {}
    columns: set[str] = set()
    numbers: list[int] = []
    missing = True
    for number, facts in staged.execute(lines, (episode,)):
        values = episode_of(facts)
        first = first or values
        columns.update(extract.columns_that_differ([first, values]))
        missing = missing and _case_flag_missing(values)
        if len(numbers) < _LINES_NAMED:
            numbers.append(number)
    client, referral, case = (_plain(first[name]) for name in ("client_id", "referral_id", "case_id"))
    what = f"referral {show_referral_number(referral)}" if referral else f"case {show_case_number(case)}"
    listed = f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    problem = f"Lines {listed} are about the same youth and {what} but differ here. None of them is loaded."
    differing = [name for name in EPISODE_COLUMNS if name in columns]
    for number, facts in staged.execute(lines, (episode,)):
        values = episode_of(facts)
        rows = [(number, name, problem, _plain(values[name]), client, referral, case) for name in differing]
        add_refusals(staged, rows)
    staged.execute(
        "INSERT INTO disputed VALUES (?, ?, ?, ?, ?, ?)",
        (client, referral, case, ", ".join(differing), listed, missing),
    )


def _case_flag_missing(values: Episode) -> bool:
    disposition, case, project, end = (
        values[name] for name in ("disposition", "case_id", "project_name", "project_end_date")
    )
    return extract.flag_missing_on_case(
        _plain(disposition) or None,
        _plain(case) or None,
        _plain(project) or None,
        end if isinstance(end, date) else None,
    )


def _plain(value: Value) -> str:
    return "" if value is None else str(value)

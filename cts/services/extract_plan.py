"""What one extract would change: its episodes compared with the assignments that CTS holds. Reads, changes nothing.

An episode that an assignment already shows, with the very same facts, is found by its hash and costs nothing
further: a daily load writes the day's changes only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import CLOSED_STATUSES, Status
from db.models import Assignment, Office, Youth

_BATCH = 2000


@dataclass(frozen=True)
class ExtractCounts:
    """Numbers of one load. All but the lines count episodes, each of which is one assignment.

    new: not in CTS before. changed: some fact differs, or it is in the extract again. unchanged: nothing differs.
    closed: end as "Flag ended" by this load (they are among new or changed too). attention: flag ended while in
    service. gone: in CTS and no longer in the extract. lines, refused (lines) and repeats (exact) are of the file.
    """

    lines: int = 0
    refused: int = 0
    repeats: int = 0
    youth: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    attention: int = 0
    gone: int = 0

    def as_dict(self) -> dict[str, int]:
        """The shape kept with a load."""
        return asdict(self)


def plan(staged: sqlite3.Connection, session: Session) -> ExtractCounts:
    """Compare the staged episodes with the assignments of CTS; marks each episode new, changed or unchanged."""
    _copy_existing(staged, session)
    _set_earlier_terms_aside(staged)
    _match(staged)
    staged.execute(
        "UPDATE episode SET state = CASE WHEN assignment IS NULL THEN 'new' WHEN EXISTS (SELECT 1 FROM existing x"
        " WHERE x.id = assignment AND x.hash = episode.hash AND NOT x.missing) THEN 'unchanged' ELSE 'changed' END"
    )
    staged.execute("CREATE INDEX episode_state ON episode (state)")
    _find_gone(staged)
    return _count(staged)


def offices_unknown(staged: sqlite3.Connection, session: Session) -> list[tuple[str, str, str]]:
    """Return (code, name, department) of the offices that the extract names and CTS does not know, by code."""
    known = set(session.scalars(select(Office.code)))
    offices = staged.execute("SELECT code, name, department FROM office ORDER BY code")
    return [(code, name or code, department) for code, name, department in offices if code not in known]


def _copy_existing(staged: sqlite3.Connection, session: Session) -> None:
    columns = (
        Assignment.id,
        Youth.client_id,
        Assignment.referral_id,
        Assignment.case_id,
        Assignment.facts_hash,
        Assignment.missing_since,
        Assignment.status,
        Assignment.flag_ended_on,
        Assignment.case_flag_missing,
        Assignment.term,
    )
    # What was purged is nobody's: the same youth in a later extract is a new one.
    statement = select(*columns).join(Youth, Youth.id == Assignment.youth_id).where(Assignment.purged_at.is_(None))
    statement = statement.execution_options(yield_per=_BATCH)
    for rows in session.execute(statement).partitions():
        staged.executemany(
            "INSERT INTO existing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row.id,
                    row.client_id,
                    row.referral_id,
                    row.case_id,
                    row.facts_hash,
                    row.missing_since is not None,
                    row.status in CLOSED_STATUSES,
                    row.status == Status.APPROVED,
                    row.flag_ended_on is not None,
                    row.case_flag_missing,
                    row.term,
                )
                for row in rows
            ],
        )
    staged.execute("CREATE INDEX existing_key ON existing (client, referral, case_id)")


def _set_earlier_terms_aside(staged: sqlite3.Connection) -> None:
    """A youth who was referred again has an assignment for each term; an extract speaks of the newest (terms.later_term_of)."""
    staged.execute(
        "INSERT INTO earlier_term SELECT DISTINCT x.id FROM existing later JOIN existing x ON x.client = later.client"
        " AND x.term < later.term AND (x.referral = later.referral OR (x.referral IS NULL AND x.case_id IS later.case_id))"
        " WHERE later.term > 1"
    )
    staged.execute("DELETE FROM existing WHERE id IN (SELECT id FROM earlier_term)")


_MATCHING = (
    # The youth and the referral.
    "UPDATE episode SET assignment = (SELECT x.id FROM existing x WHERE x.client = episode.client"
    " AND x.referral = episode.referral) WHERE referral IS NOT NULL",
    # The youth and the case, where CTS knows no referral: a case alone, or one whose referral is told only now.
    "UPDATE episode SET assignment = (SELECT MAX(x.id) FROM existing x WHERE x.client = episode.client"
    " AND x.referral IS NULL AND x.case_id = episode.case_id) WHERE assignment IS NULL AND case_id IS NOT NULL",
    "CREATE INDEX episode_assignment ON episode (assignment)",
    # Of two referrals that both name that case, the first line of the file is the one.
    "UPDATE episode SET assignment = NULL WHERE assignment IS NOT NULL AND EXISTS (SELECT 1 FROM episode o"
    " WHERE o.assignment = episode.assignment AND (o.referral IS NULL, o.id) < (episode.referral IS NULL, episode.id)"
    " AND o.client = episode.client)",
    # A case alone, which CTS knows as the case that a referral was promoted to.
    "UPDATE episode SET assignment = (SELECT MAX(x.id) FROM existing x WHERE x.client = episode.client"
    " AND x.case_id = episode.case_id AND NOT EXISTS (SELECT 1 FROM episode o WHERE o.assignment = x.id))"
    " WHERE assignment IS NULL AND referral IS NULL",
)


def _match(staged: sqlite3.Connection) -> None:
    for statement in _MATCHING:
        staged.execute(statement)


def _find_gone(staged: sqlite3.Connection) -> None:
    """An assignment is gone when no line of the file is about it, be it a good line or a refused one."""
    staged.execute(
        "CREATE TABLE gone AS SELECT x.id AS id, x.client AS client FROM existing x WHERE NOT x.missing"
        " AND NOT EXISTS (SELECT 1 FROM episode e WHERE e.assignment = x.id)"
        " AND NOT EXISTS (SELECT 1 FROM refusal r WHERE r.referral = x.referral AND r.client IN ('', x.client))"
        " AND NOT EXISTS (SELECT 1 FROM refusal r WHERE r.client = x.client AND r.case_id = x.case_id)"
        " AND NOT EXISTS (SELECT 1 FROM refusal r WHERE r.client = x.client AND r.referral = '' AND r.case_id = '')"
        " ORDER BY x.id"
    )


def _count(staged: sqlite3.Connection) -> ExtractCounts:
    def number(statement: str) -> int:
        return int(staged.execute(statement).fetchone()[0] or 0)

    states = dict(staged.execute("SELECT state, COUNT(*) FROM episode GROUP BY state"))
    lines = number("SELECT COUNT(*) FROM line")
    ends = (
        "SELECT COUNT(*) FROM episode e LEFT JOIN existing x ON x.id = e.assignment"
        " WHERE e.ended AND e.state <> 'unchanged' AND NOT COALESCE(x.ended, 0)"
    )
    refused = number("SELECT COUNT(DISTINCT number) FROM refusal")
    loaded = number("SELECT COUNT(*) FROM line WHERE number NOT IN (SELECT number FROM refusal)")
    distinct = number(
        "SELECT SUM(n) FROM (SELECT COUNT(DISTINCT grid) AS n FROM line WHERE number NOT IN"
        " (SELECT number FROM refusal) GROUP BY episode)"
    )
    refused_only = number("SELECT COUNT(DISTINCT number) FROM refusal WHERE number NOT IN (SELECT number FROM line)")
    return ExtractCounts(
        lines=lines + refused_only,
        refused=refused,
        repeats=loaded - distinct,
        youth=number("SELECT COUNT(DISTINCT client) FROM episode"),
        new=states.get("new", 0),
        changed=states.get("changed", 0) + number(f"SELECT COUNT(*) FROM ({DISPUTED_TO_MARK})"),  # noqa: S608
        unchanged=states.get("unchanged", 0),
        closed=number(ends + " AND NOT COALESCE(x.in_service OR x.closed, 0)"),
        attention=number(ends + " AND x.in_service"),
        gone=number("SELECT COUNT(*) FROM gone"),
    )


DISPUTED_TO_MARK = (
    "SELECT x.id, d.columns, d.lines FROM disputed d JOIN existing x ON x.client = d.client AND x.referral = d.referral"
    " WHERE d.case_flag_missing AND NOT x.case_flag_missing"
)
"""Assignments whose lines contradict each other, but agree that the referral became a case whose flag is missing."""


def chunks(staged: sqlite3.Connection, statement: str, size: int) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of a statement, `size` at a time."""
    reader = staged.execute(statement)
    while rows := reader.fetchmany(size):
        yield rows

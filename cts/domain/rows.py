"""Rows of a form (goals, items, receipts …): each has an id of its own, so that two people or two tabs can be told apart and merged."""

from collections.abc import Mapping, Sequence
from typing import Any

from cts.domain.fields import ROW_ID, Field, Stage, is_blank
from cts.domain.money import total_of

Row = dict[str, Any]


def full_rows(value: Any) -> list[Row]:
    """The rows in which anything was answered; a row added and left empty counts for nothing."""
    rows = value if isinstance(value, list) else []
    return [row for row in rows if any(not is_blank(v) for k, v in row.items() if k != ROW_ID)]


def merged_rows(base: Sequence[Row] | None, mine: Sequence[Row] | None, theirs: Sequence[Row] | None) -> list[Row]:
    """What is kept when this tab (`mine`) and another (`theirs`) both changed what both had read (`base`).

    Cell by cell: what this tab changed wins, everything else is the other's; None empties a cell, one left out is left alone. A row is
    gone only when one of them removed it and the other did not touch it: nothing that was typed is lost. The order is this tab's; what only
    the other has keeps its place behind the same row.
    """
    was, here, there = _by_id(base), _by_id(mine), _by_id(theirs)
    found = []
    for row_id in _order(here, there):
        before, ours, others = was.get(row_id), here.get(row_id), there.get(row_id)
        if ours is not None and others is not None:
            found.append(others | {k: v for k, v in ours.items() if before is None or before.get(k) != v})
        elif before is None or _filled(ours or others) != _filled(before):
            found.append(dict(ours or others or {}))
    return found


def displaced_cells(
    base: Sequence[Row] | None, mine: Sequence[Row] | None, theirs: Sequence[Row] | None
) -> list[tuple[str, str, Any]]:
    """What merged_rows lets this tab's answer take the place of, though another tab wrote it meanwhile: (row id, column, what stood there)."""
    was, here, there = _by_id(base), _by_id(mine), _by_id(theirs)
    return [
        (row_id, column, others[column])
        for row_id, ours in here.items()
        if (others := there.get(row_id)) is not None
        for column, answer in ours.items()
        if displaced(was.get(row_id, {}).get(column), answer, others.get(column))
    ]


def displaced(base: Any, mine: Any, theirs: Any) -> bool:
    """Whether this tab's answer takes the place of another one that another tab gave meanwhile."""
    return not is_blank(theirs) and mine not in (base, theirs) and theirs != base


def _order(here: Mapping[str, Row], there: Mapping[str, Row]) -> list[str]:
    order, before = list(here), ""
    for row_id in there:
        if row_id not in here:
            order.insert(order.index(before) + 1 if before else 0, row_id)
        before = row_id
    return order


def _filled(row: Row | None) -> Row:
    """A cell that was never answered and one that was emptied are alike."""
    return {k: v for k, v in (row or {}).items() if not is_blank(v)}


def _by_id(rows: Sequence[Row] | None) -> dict[str, Row]:
    return {str(row.get(ROW_ID)): row for row in rows or ()}


def may_change(field: Field, before: Any, after: Any, stage: Stage) -> bool:
    """Whether an answer may change at this stage: once the money is spent only what is asked then, cell by cell."""
    if stage is Stage.WRITING:
        return field.stage is Stage.WRITING and not _cells(field, before, after, Stage.SPENDING)
    fixed = _cells(field, before, after, Stage.WRITING) or (
        bool(field.columns) and list(_by_id(before)) != list(_by_id(after))
    )
    return field.stage is Stage.SPENDING or not fixed


def _cells(field: Field, before: Any, after: Any, stage: Stage) -> bool:
    """Whether any cell of a column of this stage differs; a question without columns is one cell of its own stage."""
    if not field.columns:
        return field.stage is stage and before != after
    was = _by_id(before)
    columns = [c.key for c in field.columns if c.stage is stage]
    return any(row.get(k) != was.get(str(row.get(ROW_ID)), {}).get(k) for row in after or () for k in columns)


def sums(field: Field, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The total of each column that is added up, by its key."""
    return {c.key: total_of(row.get(c.key) for row in rows) for c in field.columns if c.totals}

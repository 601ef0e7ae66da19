"""The ids by which rows of a form are told apart."""

from typing import Any
from uuid import uuid4

from cts.domain.fields import ROW_ID


def fresh_row_id() -> str:
    """An id no other row has, whoever adds one at the same moment."""
    return uuid4().hex[:16]


def rows_by_id(rows: Any) -> dict[str, dict[str, Any]]:
    """Rows by their id, in their order."""
    return {str(row[ROW_ID]): row for row in rows or ()}

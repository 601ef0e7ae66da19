"""SQLite looks at references only where it is told to, connection by connection: also on the one that has just migrated."""

from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from db.migrate import migrate
from db.models import GridRow
from db.session import close_database, open_database, writing
from tests.cast import NOW


def test_references_are_kept_after_a_migration(tmp_path: Path) -> None:
    migrate(open_database(f"sqlite:///{tmp_path / 'cts.sqlite'}"))
    try:
        with pytest.raises(IntegrityError), writing() as session:
            session.add(GridRow(assignment_id=999_999, csec_type="6867", start_on=NOW.date()))
    finally:
        close_database()

"""What several tests of the services begin with."""

import pytest
from sqlalchemy import Engine

from tests.parts.desk import Desk
from tests.parts.purged import two_youth


@pytest.fixture
def youth(database: Engine) -> tuple[Desk, Desk]:
    """The youth to be purged, and one to be kept."""
    return two_youth()


@pytest.fixture
def on_sqlite(sqlite_database: Engine) -> tuple[Desk, Desk]:
    """The same, on SQLite only."""
    return two_youth()

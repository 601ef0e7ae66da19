"""Where stories begin: a county with a New assignment of a DCFS youth, or of a Probation youth."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from cts.services.checking import About
from cts.services.checks import look
from tests.cast import make_cast
from tests.parts.desk import Desk


@pytest.fixture
def desk(sqlite_database: Engine) -> Iterator[Desk]:
    """The DCFS youth of Wanda Worker, on SQLite. However the story ends, no check of records finds anything."""
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    yield desk
    assert [(o.key, o.shown) for o in look(desk.now, [About.RECORDS]) if o.total] == []


@pytest.fixture
def both(database: Engine) -> Desk:
    """As `desk`, on SQLite and on PostgreSQL."""
    cast = make_cast()
    return Desk(cast, cast.dcfs_number)


@pytest.fixture
def probation(sqlite_database: Engine) -> Desk:
    """The youth of Paul Probation, whose lead agency is Probation."""
    cast = make_cast()
    return Desk(cast, cast.probation_number)

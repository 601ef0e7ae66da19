"""The counts of the dashboards: putting them together by night and after a load (db/summaries.py keeps them)."""

from db.session import writing
from db.summaries import fold


def fold_counts() -> None:
    """Put rows of the same kind together, so that a dashboard reads few. Changes no number; nobody waits for it."""
    with writing() as session:
        fold(session.connection())

"""The counts of the dashboards: putting them together by night and after a load (db/summaries.py keeps them)."""

from db.session import writing
from db.summaries import fold


def fold_counts(*, of_change: bool = True) -> None:
    """Put rows of the same kind together, so that a dashboard reads few. Changes no number; nobody waits for it.

    `of_change`: False after what changed nothing; then there is nothing to put together.
    """
    if of_change:
        with writing() as session:
            fold(session.connection())

"""What a page reads at once it reads in one transaction: every number and row on it is of the same moment."""

from contextlib import AbstractContextManager

from db import session


def one_look() -> AbstractContextManager[None]:
    """Around the part of a page that only reads. Whatever a service writes within ends it: what is read after that is read anew."""
    return session.one_look()

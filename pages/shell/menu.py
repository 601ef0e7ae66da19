"""The menu: every page, who has it, under which address.

A page is a function `render(actor)` in pages/<area>/<name>.py. It is imported once, at the first run, so that a rerun costs no import,
and is run by st.navigation through `show`. Every page is registered for everybody who is signed in, so that a link to it never ends in
"Page not found"; the menu shows a person only what the role has, and `show` refuses the rest. `url_path` must also stand in
cts/web/paths.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import streamlit as st

from cts.domain.vocabulary import Role
from cts.services.access import log_refusal
from cts.services.actor import Actor
from pages.shell import frame

EVERYBODY = frozenset(Role)
NO_SUPPORT = EVERYBODY - {Role.SUPPORT}
FEW_ROLES = 3
"""As many are named to somebody whose role does not have a page."""


@dataclass(frozen=True)
class Entry:
    """One page. `module` holds its `render(actor)`; `title` is what the browser tab and the menu say, never a youth's name."""

    url_path: str
    title: str
    module: str
    roles: frozenset[Role] = EVERYBODY
    in_menu: bool = True


HOME = Entry("home", "Home", "pages.home.home")
ASSIGNMENT = Entry("assignment", "Assignment", "pages.record.assignment", NO_SUPPORT, in_menu=False)
LOAD_EXTRACT = Entry("load-extract", "Load extract", "pages.admin.load_extract", frozenset({Role.ADMINISTRATION}))
EMAIL_LOG = Entry("email-log", "E-mail log", "pages.admin.email_log", frozenset({Role.ADMINISTRATION, Role.SUPPORT}))
ACCESS_LOG = Entry("access-log", "Access log", "pages.admin.access_log", frozenset({Role.ADMINISTRATION}))
PLACES = Entry("places", "Offices and agencies", "pages.admin.places", frozenset({Role.ADMINISTRATION}))
FUNDS = Entry(
    "restoration-funds", "Restoration Funds", "pages.money.ledger", frozenset({Role.ADMINISTRATION, Role.COORDINATOR})
)
ACCOUNTS = Entry("accounts", "Accounts", "pages.admin.accounts", frozenset({Role.SUPPORT}))
HEALTH = Entry("health", "Health", "pages.admin.health", frozenset({Role.ADMINISTRATION, Role.SUPPORT}))
RETENTION = Entry("retention", "Retention", "pages.admin.retention", frozenset({Role.ADMINISTRATION}))
ACCOUNT = Entry("account", "Account", "pages.account.account")

ENTRIES = (
    *(HOME, ASSIGNMENT, LOAD_EXTRACT, FUNDS, EMAIL_LOG, ACCESS_LOG, PLACES, RETENTION),
    *(HEALTH, ACCOUNTS, ACCOUNT),
)


def st_page(entry: Entry, actor: Actor | None = None) -> "st.Page":
    """The entry as Streamlit knows it, to run or to link to: `st.page_link(st_page(ASSIGNMENT), query_params={"number": "10001"})`."""
    hidden = not entry.in_menu or actor is None or actor.role not in entry.roles
    return st.Page(
        _runner(entry, actor),
        title=entry.title,
        url_path=entry.url_path,
        default=entry is HOME,
        visibility="hidden" if hidden else "visible",
    )


def _runner(entry: Entry, actor: Actor | None) -> Callable[[], None]:
    def run() -> None:
        if actor is not None:
            show(entry, actor)

    return run


def show(entry: Entry, actor: Actor) -> None:
    """Run one page for a person whose role has it; say so to others, and log it once for each time they come to it."""
    if actor.role not in entry.roles:
        if frame.just_arrived():
            log_refusal(actor, "open page", frame.now(), page=f"/{entry.url_path}")
        st.title(entry.title)
        many = len(entry.roles) > FEW_ROLES
        words = f"not for {actor.role}" if many else f"for {' and '.join(sorted(entry.roles))}"
        st.text(f"This page is {words}.")
        st.page_link(st_page(HOME), label="Home")
        return
    import_module(entry.module).render(actor)

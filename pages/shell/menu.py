"""The menu: every page, who has it, under which address.

A page is a function `render(actor)` in pages/<area>/<name>.py. It is imported once, at the first run, so that a rerun costs no import,
and is run by st.navigation through `show`. Every page is registered for everybody who is signed in, so that a link to it never ends in
"Page not found"; the menu shows a person only what the role has, and `show` refuses the rest. `url_path` must also stand in
cts/web/paths.py.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from urllib.parse import urlencode

import streamlit as st

from cts.domain.vocabulary import COUNTY_ROLES, Role
from cts.services.access import log_refusal
from cts.services.actor import Actor
from cts.services.dashboards import BOARD_ROLES
from pages.shell import frame

EVERYBODY = frozenset(Role)
NO_SUPPORT = EVERYBODY - {Role.SUPPORT}
_ADMINISTRATION, _SUPPORT = frozenset({Role.ADMINISTRATION}), frozenset({Role.SUPPORT})
SETUP, OVERSIGHT = "Data and places", "Oversight"
FLAT_AT_MOST = 6
"""A menu of so many stands as it is; of more the groups are drop-downs."""

FEW_ROLES = 3
"""As many are named to somebody whose role does not have a page."""


@dataclass(frozen=True)
class Entry:
    """One page. `module` holds its `render(actor)`; `title` is what the browser tab and the menu say, never a youth's name.

    `group` is under which word a long menu holds it; '' is beside these.
    """

    url_path: str
    title: str
    module: str
    roles: frozenset[Role] = EVERYBODY
    in_menu: bool = True
    group: str = ""

    def address(self, **query: object) -> str:
        """Where a link leads to it, with what is asked for there."""
        return f"/{self.url_path}?{urlencode(query)}"


HOME = Entry("home", "Home", "pages.home.home")
ASSIGNMENT = Entry("assignment", "Assignment", "pages.record.assignment", NO_SUPPORT, in_menu=False)
ATTENTION = Entry("attention", "Attention", "pages.attention.attention", NO_SUPPORT)
LOAD_EXTRACT = Entry("load-extract", "Load extract", "pages.admin.load_extract", _ADMINISTRATION, group=SETUP)
EMAIL_LOG = Entry("email-log", "E-mail log", "pages.admin.email_log", _ADMINISTRATION | _SUPPORT, group=OVERSIGHT)
ACCESS_LOG = Entry("access-log", "Access log", "pages.admin.access_log", _ADMINISTRATION, group=OVERSIGHT)
PLACES = Entry("places", "Offices and agencies", "pages.admin.places", _ADMINISTRATION, group=SETUP)
FUNDS = Entry(
    "restoration-funds", "Restoration Funds", "pages.money.ledger", frozenset({Role.ADMINISTRATION, Role.COORDINATOR})
)
DASHBOARDS = Entry("dashboards", "Dashboards", "pages.dashboards.dashboards", BOARD_ROLES, group=OVERSIGHT)
STAYS = Entry("stays", "Documents behind a number", "pages.dashboards.stays", BOARD_ROLES, in_menu=False)
ACCOUNTS = Entry("accounts", "Accounts", "pages.admin.accounts", _SUPPORT, group=OVERSIGHT)
HEALTH = Entry("health", "Health", "pages.admin.health", _ADMINISTRATION | _SUPPORT, group=OVERSIGHT)
RETENTION = Entry("retention", "Retention", "pages.admin.retention", _ADMINISTRATION, group=OVERSIGHT)
COVER = Entry("cover", "Absence and cover", "pages.account.cover", COUNTY_ROLES)
ACCOUNT = Entry("account", "Account", "pages.account.account")

ENTRIES = (
    *(HOME, ATTENTION, ASSIGNMENT, STAYS, LOAD_EXTRACT, FUNDS, DASHBOARDS, EMAIL_LOG, ACCESS_LOG, PLACES, RETENTION),
    *(HEALTH, ACCOUNTS, COVER, ACCOUNT),
)


def menu_of(actor: Actor) -> "dict[str, list[st.Page]]":
    """The pages as st.navigation takes them, under the words of their groups; the pages a person does not have are there, hidden."""
    own = [entry for entry in ENTRIES if _is_shown(entry, actor)]
    grouped = len(own) > FLAT_AT_MOST
    menu: dict[str, list[st.Page]] = {"": []}
    for entry in ENTRIES:
        group = entry.group if grouped and entry in own else ""
        menu.setdefault(group, []).append(st_page(entry, actor))
    return menu


def _is_shown(entry: Entry, actor: Actor | None) -> bool:
    return entry.in_menu and actor is not None and actor.role in entry.roles


def st_page(entry: Entry, actor: Actor | None = None) -> "st.Page":
    """The entry as Streamlit knows it, to run or to link to: `st.page_link(st_page(ASSIGNMENT), query_params={"number": "10001"})`."""
    page = copy(_as_made(entry, _is_shown(entry, actor)))
    # Whom it runs for is this copy's own.
    page._page = _runner(entry, actor)
    return page


@cache
def _as_made(entry: Entry, shown: bool) -> "st.Page":
    """Made once: fifteen of them at every run took a twentieth of its time."""
    return st.Page(
        _runner(entry, None),
        title=entry.title,
        url_path=entry.url_path,
        default=entry is HOME,
        visibility="visible" if shown else "hidden",
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
        way_home()
        return
    import_module(entry.module).render(actor)


def way_home() -> None:
    """The button of every page that has nothing for this person."""
    with st.container(key="cts_way_home"):
        st.page_link(st_page(HOME), label="Home")

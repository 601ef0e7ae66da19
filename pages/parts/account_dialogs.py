"""The two dialogs of the page of accounts: to invite somebody, and to do something with one account."""

from collections.abc import Callable

import streamlit as st

from cts.domain.accounts import AccountState
from cts.services import account_keeping
from cts.services.account_listing import AccountLine, account_line
from cts.services.accounts import NewPerson, invite
from cts.services.actor import Actor
from cts.services.refusals import Refusal
from pages.parts.account_fields import place_fields, place_typed, seed_place
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.shell import frame

ASKED, REFUSED, SEEN = "cts_account_asked", "cts_account_refused", "cts_account_seen"
INVITING = "invite"
NO_ROLE = "Please choose a role."
_NEW = ("name", "user_name", "staff_id")


def ask_invitation() -> None:
    """Open the dialog in which somebody is invited."""
    seed_place(None)
    st.session_state.update({ASKED: INVITING, REFUSED: ""} | {f"account_{name}": "" for name in _NEW})


def ask_account(person_id: int) -> None:
    """Open the dialog of one account."""
    actor = frame.actor_now()
    line = frame.attempt(account_line, actor, person_id, frame.now()) if actor else None
    if line is not None:
        seed_place(line.now_at)
        st.session_state.update({ASKED: person_id, REFUSED: "", SEEN: line.now_at})


def show_account_dialogs(actor: Actor) -> None:
    """Whichever dialog is open."""
    asked = st.session_state.get(ASKED)
    if asked == INVITING:
        _invitation(actor)
    elif asked:
        _account(actor, asked)


def _close() -> None:
    st.session_state[ASKED] = None


@st.dialog("Invite a person", width="medium", on_dismiss=_close)
def _invitation(actor: Actor) -> None:
    if st.session_state.get(ASKED) != INVITING:
        st.rerun()
    st.text(
        "An e-mail with a link is sent; with it the person chooses a passphrase. The link works for a short time, once."
    )
    left, right = st.columns(2)
    left.text_input("Name", key="account_name", autocomplete="off", help="Last name, first name, as CWS/CMS writes it.")
    right.text_input("User name", key="account_user_name", autocomplete="off")
    place_fields(actor)
    st.text_input(
        "CWS/CMS staff id, if there is one",
        key="account_staff_id",
        autocomplete="off",
        max_chars=3,
        help="Three characters; capital and small letters differ. The caseload that extracts name for it is then this person's.",
    )
    show_dialog_refusal(st.session_state.get(REFUSED, ""))
    with st.container(horizontal=True):
        st.button("Invite", key="account_invite", type="primary", on_click=_invite)
        st.button("Cancel", key="account_cancel", on_click=_close)


def _invite() -> None:
    typed, actor = at_once(), frame.actor_now()
    place = place_typed(typed)
    if actor is None or place is None:
        st.session_state[REFUSED] = NO_ROLE
        return
    person = NewPerson(
        name=typed["account_name"] or "",
        role=place.role,
        email=place.email,
        staff_id=(typed["account_staff_id"] or "").strip() or None,
        office_code=place.office_code,
        unit=place.unit,
        agency_id=place.agency_id,
    )
    _do(
        lambda: invite(actor, person, typed["account_user_name"] or "", frame.now()),
        "The e-mail with the link is on its way.",
    )


@st.dialog("Account", width="medium", on_dismiss=_close)
def _account(actor: Actor, person_id: int) -> None:
    if st.session_state.get(ASKED) != person_id:
        st.rerun()
    try:
        line = account_line(actor, person_id, frame.now())
    except Refusal as refusal:
        st.text(str(refusal))
        return
    entered = f"last sign-in {line.last_sign_in}" if line.last_sign_in else "never signed in"
    factor = "with a second factor" if line.second_factor else "without a second factor"
    st.text(f"{line.name} ({line.user_name})\n{line.state}, {factor}, {entered}")
    if line.own:
        st.text(account_keeping.NOT_ONES_OWN)
        return
    show_dialog_refusal(st.session_state.get(REFUSED, ""))
    _buttons(line)
    if line.state is AccountState.ENDED:
        return
    st.header("Change role, place or e-mail", anchor=False)
    if line.staff_id:
        st.text(f"CWS/CMS knows this person as {line.staff_id}: the next extract states role and office anew.")
    place_fields(actor)
    st.text("Another role, office or agency signs the person out at once.")
    with st.container(horizontal=True):
        st.button("Save", key="account_save", type="primary", on_click=_save, args=(person_id,))
        st.button("Close", key="account_close", on_click=_close)


def _buttons(line: AccountLine) -> None:
    """What can be done with an account as it stands."""
    keep, who = account_keeping, line.person_id
    with st.container(horizontal=True, key="cts_account_verbs"):
        if line.state is AccountState.ENDED:
            _button(
                "Take up again",
                keep.take_up_again,
                who,
                "The account is open again. The e-mail with the link is on its way.",
            )
            return
        _button(
            "Send a link", keep.send_link, who, "The e-mail with the link is on its way; earlier links die with it."
        )
        if line.state is AccountState.LOCKED:
            _button("Unlock", keep.unlock, who, "The account is unlocked.")
        if line.second_factor:
            _button(
                "Take second factor away",
                keep.take_factor_away,
                who,
                "The second factor is gone; the person has been told.",
            )
        _button("End account", keep.end_account_of, who, "The account has ended. Its owner is signed out everywhere.")


def _button(label: str, verb: Callable[..., None], person_id: int, done: str) -> None:
    st.button(label, key=f"account_{label}", on_click=_verb, args=(verb, person_id, done))


def _verb(verb: Callable[..., None], person_id: int, done: str) -> None:
    actor = frame.actor_now()
    if actor is not None:
        _do(lambda: verb(actor, person_id, frame.now()), done)


def _save(person_id: int) -> None:
    typed, actor = at_once(), frame.actor_now()
    wanted, seen = place_typed(typed), typed[SEEN]
    if actor is not None and wanted is not None:
        _do(
            lambda: account_keeping.change_account(actor, person_id, wanted, seen, frame.now()),
            "The account is changed.",
        )


def _do(verb: Callable[[], object], done: str) -> None:
    """Call the service; close the dialog, or say in it why it was refused."""
    try:
        verb()
    except Refusal as refusal:
        st.session_state[REFUSED] = str(refusal)
    else:
        frame.said(done)
        _close()

"""The two dialogs of the page of accounts: to invite somebody, and to do something with one account."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cts.domain.accounts import AccountState
from cts.services import account_keeping
from cts.services.account_listing import AccountLine, account_line
from cts.services.accounts import NewPerson, invite
from cts.services.actor import Actor
from cts.services.refusals import Refusal, WorkHasMoved
from pages.parts.account_fields import place_fields, place_typed, seed_place
from pages.parts.account_filter import keep_in_sight
from pages.parts.account_leaving import change_as_shown, end_as_shown, show_leaving
from pages.parts.dialog_refusal import show_dialog_refusal
from pages.parts.on_screen import at_once
from pages.shell import frame

ASKED, REFUSED, SEEN = "cts_account_asked", "cts_account_refused", "cts_account_seen"
WANTED = "cts_account_wanted"
"""The role or place that was typed, while one is asked whether one is sure."""

SURE = "cts_account_sure"
"""What was pressed and asks whether one is sure."""

INVITING = "invite"
NO_ROLE = "Please choose a role."
_NEW = ("name", "user_name", "staff_id")


@dataclass(frozen=True)
class Verb:
    """What can be done with an account at a press; `done` follows its user name. With a `question` one more press is asked for, `yes`."""

    label: str
    call: Callable[..., None]
    done: str
    question: str = ""
    yes: str = ""


SEND_LINK = Verb(
    "Send a link", account_keeping.send_link, "the e-mail with the link is on its way; earlier links die with it."
)
UNLOCK = Verb("Unlock", account_keeping.unlock, "the account is unlocked.")
TAKE_UP = Verb(
    "Take up again",
    account_keeping.take_up_again,
    "the account is open again. The e-mail with the link is on its way.",
)
TAKE_FACTOR = Verb(
    "Take second factor away",
    account_keeping.take_factor_away,
    "second factor and passphrase are gone. The e-mail with the link for a new passphrase is on its way.",
    "Are you sure who is asking? The person is signed out everywhere. Second factor, recovery codes and passphrase do not work any more; a "
    "new passphrase is chosen by a link that is sent to the e-mail address of the account.",
    "Yes, take it away",
)
END = Verb(
    "End account",
    end_as_shown,
    "the account has ended. Its owner is signed out everywhere, and the open work is where the preview said.",
    "The person is signed out everywhere at once and cannot sign in again. What he or she wrote stays. The account can be taken up again "
    "later; it begins anew then.",
    "Yes, end the account",
)
CHANGE = Verb(
    "Change role or place",
    lambda actor, person_id, now: change_as_shown(
        actor, person_id, st.session_state[WANTED], st.session_state[SEEN], now
    ),
    "the account is changed, and the open work is where the preview said.",
    "The person is signed out everywhere at once, and is told by e-mail. What he or she wrote stays.",
    "Yes, change it",
)
_OF = {verb.label: verb for verb in (SEND_LINK, UNLOCK, TAKE_UP, TAKE_FACTOR, END, CHANGE)}
ENDED = (
    "This account has ended: nobody can sign in with it. Taken up again it begins anew, with a link for a new passphrase; "
    "role and place can be changed then."
)


def ask_invitation() -> None:
    """Open the dialog in which somebody is invited."""
    seed_place(None)
    st.session_state.update({ASKED: INVITING, REFUSED: "", SURE: ""} | {f"account_{name}": "" for name in _NEW})


def ask_account(person_id: int) -> None:
    """Open the dialog of one account."""
    actor = frame.actor_now()
    line = frame.attempt(account_line, actor, person_id, frame.now()) if actor else None
    if line is not None:
        seed_place(line.now_at)
        st.session_state.update({ASKED: person_id, REFUSED: "", SURE: "", SEEN: line.now_at, WANTED: None})


def show_account_dialogs(actor: Actor) -> None:
    """Whichever dialog is open."""
    asked = st.session_state.get(ASKED)
    if asked == INVITING:
        _invitation(actor)
    elif asked:
        _account(actor, asked)


def _close() -> None:
    st.session_state[ASKED] = None


def _forget_refusal() -> None:
    """What was asked for has been chosen. (Not while a text is typed: the buttons below would move from under the pointer.)"""
    st.session_state[REFUSED] = ""


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
    place_fields(actor, _forget_refusal)
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
    show_dialog_refusal(st.session_state.get(REFUSED, ""))
    if line.own:
        st.text(account_keeping.NOT_ONES_OWN)
        _buttons(line, close=True)
    elif line.state is AccountState.ENDED:
        st.text(ENDED)
        _buttons(line, TAKE_UP, close=True)
    elif st.session_state.get(SURE):
        _ask_sure(line, _OF[st.session_state[SURE]])
    else:
        locked = (UNLOCK,) if line.state is AccountState.LOCKED else ()
        lost = (TAKE_FACTOR,) if line.second_factor else ()
        _buttons(line, SEND_LINK, *locked, *lost, END)
        _change(actor, line)


def _change(actor: Actor, line: AccountLine) -> None:
    """Another role, place or e-mail address."""
    st.header("Change role, place or e-mail", anchor=False)
    if line.staff_id:
        st.text(f"CWS/CMS knows this person as {line.staff_id}: the next extract states role and office anew.")
    place_fields(actor, _forget_refusal)
    st.text(
        "Another role, office or agency signs the person out at once, and open work goes to others: you see to whom before."
    )
    with st.container(horizontal=True):
        st.button("Save", key="account_save", type="primary", on_click=_save, args=(line,))
        st.button("Close", key="account_close", on_click=_close)


def _buttons(line: AccountLine, *verbs: Verb, close: bool = False) -> None:
    """What can be done with an account as it stands."""
    with st.container(horizontal=True, key="cts_account_verbs"):
        for verb in verbs:
            pressed = _make_sure if verb.question else _carry_out
            st.button(verb.label, key=f"account_{verb.label}", on_click=pressed, args=(line, verb))
        if close:
            st.button("Close", key="account_close", on_click=_close)


def _make_sure(_line: AccountLine, verb: Verb) -> None:
    st.session_state.update({WANTED: place_typed(at_once()), SURE: verb.label, REFUSED: ""})


def _ask_sure(line: AccountLine, verb: Verb) -> None:
    """The second step: what will happen, and a way back."""
    st.header(f"{verb.label}?", anchor=False)
    if verb in (END, CHANGE) and not show_leaving(line.person_id):
        return
    st.text(verb.question)
    with st.container(horizontal=True):
        st.button(verb.yes, key="account_yes", type="primary", on_click=_carry_out, args=(line, verb))
        st.button("Back", key="account_back", on_click=_not_sure)


def _not_sure() -> None:
    """Back to the fields, with what was typed in them: Streamlit forgets what is not drawn."""
    st.session_state[SURE] = ""
    seed_place(st.session_state.get(WANTED) or st.session_state[SEEN])


def _carry_out(line: AccountLine, verb: Verb) -> None:
    actor = frame.actor_now()
    if actor is not None and _do(
        lambda: verb.call(actor, line.person_id, frame.now()), f"{line.user_name}: {verb.done}"
    ):
        keep_in_sight(line.user_name)
    elif verb.question and not st.session_state[SURE]:
        _not_sure()


def _save(line: AccountLine) -> None:
    typed, actor = at_once(), frame.actor_now()
    wanted, seen = place_typed(typed), typed[SEEN]
    if wanted is None:
        st.session_state[REFUSED] = NO_ROLE
        return
    if account_keeping.moves_work(wanted, seen):
        st.session_state.update({WANTED: wanted, SURE: CHANGE.label, REFUSED: ""})
        return
    if actor is not None:
        _do(
            lambda: account_keeping.change_account(actor, line.person_id, wanted, seen, frame.now()),
            f"{line.user_name}: the account is changed.",
        )


def _do(verb: Callable[[], object], done: str) -> bool:
    """Call the service; close the dialog, or say in it why it was refused. Returns whether it was done."""
    try:
        verb()
    except WorkHasMoved as refusal:
        st.session_state[REFUSED] = str(refusal)
        return False
    except Refusal as refusal:
        st.session_state.update({REFUSED: str(refusal), SURE: ""})
        return False
    frame.said(done)
    _close()
    return True

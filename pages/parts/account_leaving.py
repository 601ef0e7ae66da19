"""The preview in the dialog of an account that ends, or gets another role or place: how much open work there is, and who has it then.

Numbers and staff only: no youth data.
"""

from datetime import datetime

import streamlit as st

from cts.services.account_keeping import change_account, end_account_of
from cts.services.account_listing import AccountPlace
from cts.services.actor import Actor
from cts.services.leaving import leaving
from pages.parts.on_screen import at_once
from pages.shell import frame

SEEN, HEIR = "cts_leaving_seen", "cts_leaving_heir"
TO_COORDINATOR = "The coordinator of the agency"


def show_leaving(person_id: int) -> bool:
    """What this person holds, and for an Advocate the choice of a colleague; False when it cannot be said."""
    actor = frame.actor_now()
    preview = frame.attempt(leaving, actor, person_id, frame.now()) if actor else None
    if preview is None:
        return False
    st.session_state[SEEN] = preview.seen
    with st.container(key="cts_leaving", gap="xxsmall"):
        if not preview.total:
            st.text("No open work hangs on this account.")
            return True
        st.text("Open work of this person, and where it goes at once:")
        for share in preview.shares:
            st.text(f"• {share.sentence}")
        if preview.waiting:
            st.text(
                f"Of it {preview.waiting:,} wait for a decision of this person now. Whoever gets them is told by e-mail."
            )
    if preview.advocates:
        names = {choice.id: choice.name for choice in preview.advocates}
        st.selectbox(
            "The youth of this Advocate go to",
            [None, *names],
            format_func=lambda i: names[i] if i else TO_COORDINATOR,
            key=HEIR,
        )
    return True


def end_as_shown(actor: Actor, person_id: int, now: datetime) -> None:
    """End the account on what the preview showed. Raises the refusals of the service."""
    state = at_once()
    end_account_of(actor, person_id, now, seen=state.get(SEEN), heir_id=state.get(HEIR))


def change_as_shown(actor: Actor, person_id: int, wanted: AccountPlace, seen: AccountPlace, now: datetime) -> None:
    """Another role or place, with the open work going where the preview said. Raises the refusals of the service."""
    state = at_once()
    change_account(actor, person_id, wanted, seen, now, work_seen=state.get(SEEN), heir_id=state.get(HEIR))

"""The page beside which CTS is measured: the table widget with fixed rows; or, with ?form=…, widgets of these kinds and nothing else."""

import streamlit as st

from pages.parts.table_view import Cell, Column, show_table

WIDGETS = {
    "text_input": lambda n: st.text_input(f"Question {n}", key=f"w{n}"),
    "text_area": lambda n: st.text_area(f"Question {n}", key=f"w{n}"),
    "date_input": lambda n: st.date_input(f"Question {n}", value=None, key=f"w{n}"),
    "selectbox": lambda n: st.selectbox(f"Question {n}", ["a", "b", "c"], index=None, key=f"w{n}"),
    "radio": lambda n: st.radio(f"Question {n}", ["Yes", "No"], index=None, horizontal=True, key=f"w{n}"),
    "button_group": lambda n: st.segmented_control(f"Question {n}", ["Yes", "No"], key=f"w{n}"),
    "multiselect": lambda n: st.multiselect(f"Question {n}", ["a", "b", "c"], key=f"w{n}"),
    "checkbox": lambda n: st.checkbox(f"Question {n}", key=f"w{n}"),
    "button": lambda n: st.button(f"Question {n}", key=f"w{n}"),
}
COLUMNS = [Column(str(n), f"Column {n}", sorts=True) for n in range(12)]
ROWS = [[Cell(f"Row {row} cell {column}") for column in range(12)] for row in range(25)]

st.set_page_config(page_title="Bare", layout="wide")
asked = st.query_params.get("form", "")


def go(place: str) -> None:
    """Turn to another place of the loop."""
    st.session_state["place"] = place


@st.dialog("Approve?")
def ask() -> None:
    """The dialog, like that of a step."""
    if st.button("Approve", key="sure"):
        go("approved")
        st.rerun()


def loop() -> None:
    """Search, open, approve, back, of nothing."""
    place = st.session_state.get("place", "home")
    if place == "home":
        st.title("Table")
        with st.form("search"):
            typed = st.text_input("State ID")
            st.form_submit_button("Search")
        if typed:
            st.text(f"Found {typed}")
            st.button("Open", on_click=go, args=("record",))
        show_table("Rows", COLUMNS, ROWS, key="table")
        return
    st.title("Record")
    st.button("Home", on_click=go, args=("home",))
    st.button("Advocacy Plan", on_click=go, args=("plan",))
    if place == "approved":
        st.text("You approved it.")
    elif place == "plan" and st.button("Approve", key="approve"):
        ask()


if "loop" in st.query_params:
    loop()
elif asked:
    for place, kind in enumerate(asked.split(".")):
        WIDGETS.get(kind, lambda n: st.text(f"Words {n}"))(place)
else:
    st.title("Table")
    show_table("Rows", COLUMNS, ROWS, key="table")

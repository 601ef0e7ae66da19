"""The page beside which CTS is measured: the table widget with fixed rows; with ?form, the widgets of Section V of the Referral."""

import streamlit as st

from pages.parts.table_view import Cell, Column, show_table

st.set_page_config(page_title="Bare", layout="wide")
COLUMNS = [Column(str(n), f"Column {n}", sorts=True) for n in range(12)]
ROWS = [[Cell(f"Row {row} cell {column}") for column in range(12)] for row in range(25)]

if "form" in st.query_params:
    st.title("Form")
    st.selectbox("One of some", ["a", "b", "c"], index=None, key="choice")
    for place in range(4):
        st.text_area(f"Words {place}", key=f"words{place}")
    for place in range(6):
        st.radio(f"Yes or no {place}", ["Yes", "No"], index=None, horizontal=True, key=f"yes{place}")
    for place in range(2):
        st.date_input(f"Day {place}", value=None, key=f"day{place}")
    st.multiselect("Some of some", ["a", "b", "c"], key="choices")
    for place in range(4):
        st.button(f"Button {place}")
else:
    st.title("Table")
    show_table("Rows", COLUMNS, ROWS, key="table")

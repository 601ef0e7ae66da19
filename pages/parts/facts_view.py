"""What came from CWS/CMS, or what CTS itself knows, with its source beside each value; never a field to type in."""

import streamlit as st

from cts.domain.answer_words import shown
from cts.domain.fields import Field, FormSection, Kind, us_date
from cts.services.documents import HIDDEN
from cts.services.facts import Facts


def show_facts(section: FormSection, facts: Facts, hidden: frozenset[str], prefix: str = "") -> None:
    """The facts of a section as label, value, source; those that their source does not give are named together.

    `prefix` keeps two versions of a section on one page apart.
    """
    fields = [f for f in section.fields if f.kind is Kind.FACT]
    given = {f.key: _value(f, facts, hidden) for f in fields}
    from_extract = f"{facts.source} {us_date(facts.extract_on)}"
    if any(given.values()):
        with st.container(key=f"facts_{prefix}{section.key}"):
            for field in fields:
                if given[field.key]:
                    st.text(field.label)
                    st.text(given[field.key])
                    st.text(field.source or from_extract)
    for source in dict.fromkeys(f.source or from_extract for f in fields):
        blank = [f.label for f in fields if (f.source or from_extract) == source and not given[f.key]]
        if blank:
            st.caption(f"Not given in {source}: {', '.join(blank)}")


def _value(field: Field, facts: Facts, hidden: frozenset[str]) -> str:
    return HIDDEN if field.key in hidden else shown(field, facts.values.get(field.key))

"""What came from CWS/CMS, or what CTS itself knows, with its source beside each value; never a field to type in."""

from cts.domain.answer_words import shown
from cts.domain.fields import Field, FormSection, Kind, us_date
from cts.services.documents import HIDDEN
from cts.services.facts import Facts
from pages.parts.reading import Reading


def read_facts(reading: Reading, section: FormSection, facts: Facts, hidden: frozenset[str]) -> None:
    """The facts of a section as label, value, source; those that their source does not give are named together."""
    fields = [f for f in section.fields if f.kind is Kind.FACT]
    given = {f.key: _value(f, facts, hidden) for f in fields}
    from_extract = f"{facts.source} {us_date(facts.extract_on)}"
    reading.pairs("facts", [(f.label, given[f.key], f.source or from_extract) for f in fields if given[f.key]])
    for source in dict.fromkeys(f.source or from_extract for f in fields):
        blank = [f.label for f in fields if (f.source or from_extract) == source and not given[f.key]]
        if blank:
            reading.note(f"Not given in {source}: {', '.join(blank)}")


def _value(field: Field, facts: Facts, hidden: frozenset[str]) -> str:
    return HIDDEN if field.key in hidden else shown(field, facts.values.get(field.key))

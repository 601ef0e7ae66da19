"""Short ways to write down a form's fields."""

from collections.abc import Iterable

from cts.domain.fields import Field, Kind

FROM_CTS = "CTS"
"""The source of a fact that CWS/CMS does not know: agency, Advocate, dates of service."""


def labelled(words: Iterable[str]) -> dict[str, str]:
    """Options whose codes are their words."""
    return {w: w for w in words}


def fact(
    key: str,
    label: str,
    fact_as: Kind = Kind.TEXT,
    options: dict[str, str] | None = None,
    *,
    location: bool = False,
    source: str = "",
) -> Field:
    """A fact that is shown with source and date and never typed over."""
    return Field(key, label, Kind.FACT, options=options, fact_as=fact_as, location=location, source=source)


def people(key: str, label: str, one: str, *, required: bool = False, help_text: str = "") -> Field:
    """Rows of Name and Relationship, as the guide has them for support systems and professionals."""
    columns = (
        Field("name", "Name", Kind.TEXT, required=True),
        Field("relationship", "Relationship", Kind.TEXT, required=True),
        Field("contact", "Phone or e-mail", Kind.TEXT),
    )
    return Field(key, label, Kind.ROWS, required=required, help=help_text, columns=columns, one=one, sealed=True)


ABOUT_THE_YOUTH = (
    fact("youth_name", "Youth name"),
    fact("birth_date", "DOB", Kind.DATE),
    fact("age", "Age"),
    fact("worker_name", "CSW/DPO"),
)
ABOUT_THE_SERVICE = (
    fact("agency_name", "CSEC Advocacy Agency", source=FROM_CTS),
    fact("advocate_name", "Advocate", source=FROM_CTS),
    fact("service_start_on", "Service began", Kind.DATE, source=FROM_CTS),
    fact("service_end_on", "Service ends", Kind.DATE, source=FROM_CTS),
)

"""The youth, the assignment (one episode of CWS/CMS) and its grid rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Computed, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cts.domain.identifiers import BETWEEN_GROUPS
from cts.domain.vocabulary import CLOSED_STATUSES, LeadAgency, Status
from db.models.rows import Moment, Row, one_of

SORTED = tuple(
    f"by_{name}"
    for name in (
        *("state_id", "referral", "referral_name", "case", "pdj", "csw", "scsw"),
        *("youth_up", "youth_down", "agency_up", "agency_down"),
    )
)
"""Columns of assignments that only sort: kept by triggers (db/listing_keys.py), read by cts/services/listing_order.py, loaded by nobody.

Each has an index that also holds what lists are mostly narrowed by, so that a page reads no row that it does not show.
"""
NARROWING = ("status", "agency_id", "office_code", "id")


def _key(name: str) -> Column[str]:
    """Compared byte by byte on both databases."""
    return Column(name, Text().with_variant(Text(collation="C"), "postgresql"), nullable=False, server_default="")


def compared(column: str) -> Computed:
    """An id as it is compared (bare_id of cts.domain.identifiers): kept by the database itself, so that no writer can forget it."""
    bare = column
    for character in BETWEEN_GROUPS:
        bare = f"replace({bare}, '{character}', '')"
    return Computed(f"upper({bare})")


class Youth(Row):
    """A youth as CWS/CMS names them. `client_id` is the 19 digits without hyphens; State ID belongs to the family.

    `bare_state_id` and `bare_pdj_number` are what a search compares: in capitals, without hyphens, blanks and the like.
    """

    __tablename__ = "youth"
    __table_args__ = (
        Index("ix_youth_bare_state_id", "bare_state_id"),
        Index("ix_youth_bare_pdj_number", "bare_pdj_number"),
        Index("ix_youth_birth_date", "birth_date", postgresql_include=["id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(19), unique=True)
    last_name: Mapped[str] = mapped_column(String(50))
    first_name: Mapped[str] = mapped_column(String(50))
    middle_name: Mapped[str] = mapped_column(String(50), default="")
    suffix: Mapped[str] = mapped_column(String(4), default="")
    birth_date: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1), default="U")
    race_ethnicity: Mapped[str] = mapped_column(String(100), default="")
    primary_language: Mapped[str] = mapped_column(String(50), default="")
    state_id: Mapped[str] = mapped_column(String(20), default="")
    pdj_number: Mapped[str] = mapped_column(String(20), default="")
    sensitivity: Mapped[str] = mapped_column(String(1), default="N")
    bare_state_id: Mapped[str | None] = mapped_column(String(20), compared("state_id"))
    bare_pdj_number: Mapped[str | None] = mapped_column(String(20), compared("pdj_number"))


CLOSED_WORDS = tuple(repr(str(status)) for status in sorted(CLOSED_STATUSES))
"""As they stand in indexes of the open ones only: a question that is to be answered by them says it in the same words."""
_OPEN = f" AND status NOT IN ({', '.join(CLOSED_WORDS)})"
RARE = (
    ("case_flag_missing", f"case_flag_missing = 1{_OPEN}", f"case_flag_missing{_OPEN}"),
    ("worker_choice_open", f"worker_choice_open = 1{_OPEN}", f"worker_choice_open{_OPEN}"),
    *(
        (name, f"{name} IS NOT NULL{_OPEN}", f"{name} IS NOT NULL{_OPEN}")
        for name in ("flag_ended_on", "missing_since")
    ),
)
"""What few assignments have, and lists of attention ask for: each in an index of only those (name, condition on SQLite, on PostgreSQL).

What the condition asks stands in the index too: else SQLite reads the row of each that it counts.
"""


def _closed() -> Column[bool]:
    """Whether an assignment is closed, kept by the database itself: where the indexes of all orders begin, since in years nearly all are."""
    return Column("closed", Boolean, Computed(f"status IN ({', '.join(CLOSED_WORDS)})"))


WITHOUT = {"alerts_open": "alerts_acknowledged_at", "no_advocate": "advocate_id"}
"""What an agency has still to do for a youth: an index each of those without it.

By two columns, so that SQLite begins with it and with none of the indexes by status, whichever of them was made last.
"""
CLOCKS = ("service_end_on", "phase_due_on", "contact_due_on")
"""Days that pass: looked up among the services that last, not among all there ever were."""


def _tells_which(name: str, *columns: str, lite: str = "", postgres: str = "") -> Index:
    """An index of assignments that tells their ids too, so that to count and to sort no row is read: on SQLite every index does."""
    only: dict[str, Any] = {"sqlite_where": text(lite), "postgresql_where": text(postgres)} if lite else {}
    return Index(f"ix_assignment_{name}", *columns, postgresql_include=["id"], **only)


class Assignment(Row):
    """A row of the Assignment Listing: a youth's flagged referral or case, on the caseload of the worker named.

    `term` counts the times the same episode was referred: a closed youth can be referred again, and the former agency keeps to its own term.
    Service lasts from `service_start_on` to `service_end_on`, which an approved Extension Request moves.

    `number` is CTS's own, 10001 up. `version` is the compare-and-set counter of the steps on the assignment itself.
    Facts from CWS/CMS are as of `extract_on`; `missing_since` is the date of the first extract that no longer held it.
    `phase_due_on` and `contact_due_on` are clocks kept with every write (cts/services/clocks.py): the projected end of the phase that is not
    approved, the last day for the next in-person contact. `former_worker_id` is whom CWS/CMS still names though that person has left;
    `worker_choice_open`: a supervisor is still to choose a colleague in that place.
    `purged_at`: what was known of the youth is removed; number, dates, statuses and agency remain.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        *map(_key, SORTED),
        _closed(),
        one_of("status", Status),
        one_of("lead_agency", LeadAgency),
        UniqueConstraint("youth_id", "referral_id", "term"),
        Index("ix_assignment_worker_status", "worker_id", "status", "number"),
        Index("ix_assignment_office_unit_status", "office_code", "unit", "status", "number"),
        Index("ix_assignment_supervisor_status", "supervisor_id", "status", "number"),
        Index("ix_assignment_agency_status", "agency_id", "status", "number"),
        Index("ix_assignment_advocate_status", "advocate_id", "status", "number"),
        Index("ix_assignment_status_number", "status", "number", "service_end_on", "id"),
        _tells_which("youth_id", "youth_id", "purged_at", "number", "status"),
        Index("ix_assignment_office_status", "office_code", "status", "number"),
        *(_tells_which(f"status_{clock}", "status", clock, "number") for clock in CLOCKS),
        *(_tells_which(n, "number", "status", n, lite=lite, postgres=postgres) for n, lite, postgres in RARE),
        *(
            _tells_which(n, "status", empty, "number", "agency_id", lite=which, postgres=which)
            for n, empty, which in (
                (n, empty, f"agency_id IS NOT NULL AND {empty} IS NULL") for n, empty in WITHOUT.items()
            )
        ),
        Index("ix_assignment_in_order", "closed", "number", *NARROWING),
        *(Index(f"ix_assignment_{name}", "closed", name, "number", *NARROWING) for name in (*SORTED, "referral_on")),
    )
    __mapper_args__ = {"exclude_properties": (*SORTED, "closed")}  # noqa: RUF012 - as SQLAlchemy names it

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    youth_id: Mapped[int] = mapped_column(ForeignKey("youth.id"))
    term: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)

    referral_id: Mapped[str | None] = mapped_column(String(19), index=True)
    referral_on: Mapped[date | None]
    referral_name: Mapped[str] = mapped_column(String(60), default="")
    response_type: Mapped[str] = mapped_column(String(30), default="")
    disposition: Mapped[str] = mapped_column(String(30), default="")
    case_id: Mapped[str | None] = mapped_column(String(19), index=True)
    case_name: Mapped[str] = mapped_column(String(60), default="")
    case_start_on: Mapped[date | None]
    case_end_on: Mapped[date | None]
    project_name: Mapped[str] = mapped_column(String(60), default="")
    project_start_on: Mapped[date | None]
    project_end_on: Mapped[date | None]
    service_component: Mapped[str] = mapped_column(String(40), default="")
    lead_agency: Mapped[str] = mapped_column(String(20))
    dual: Mapped[bool] = mapped_column(default=False)
    placement_type: Mapped[str] = mapped_column(String(60), default="")
    awol_code: Mapped[str] = mapped_column(String(1), default="N")

    worker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit: Mapped[str] = mapped_column(String(20), default="")
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    advocate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agency_assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    alerts_acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    alerts_acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    service_start_on: Mapped[date | None]
    service_end_on: Mapped[date | None]
    phase_due_on: Mapped[date | None]
    contact_due_on: Mapped[date | None]
    former_worker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    worker_choice_open: Mapped[bool] = mapped_column(default=False)
    other_worker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    extract_on: Mapped[date]
    facts_hash: Mapped[str] = mapped_column(String(64))
    missing_since: Mapped[date | None]
    flag_ended_on: Mapped[date | None]
    case_flag_missing: Mapped[bool] = mapped_column(default=False)
    purged_at: Mapped[datetime | None] = mapped_column(Moment)


class GridRow(Row):
    """A row of the CSEC Data Grid on the client's ID page, as loaded with one episode."""

    __tablename__ = "grid_row"
    __table_args__ = (UniqueConstraint("assignment_id", "csec_type", "start_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    csec_type: Mapped[str] = mapped_column(String(4))
    start_on: Mapped[date]
    end_on: Mapped[date | None]

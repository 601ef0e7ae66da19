"""One line of an extract, whatever system it comes from, and the rules it must keep.

An adapter (`cts/outside/cws_cms.py` today, another system tomorrow) turns its
file into a stream of `ExtractLine` and `Refusal`; everything after it knows only
the shapes of this module. One line is one youth x episode x grid row. An episode
(one Assignment) is a youth and a referral, or a youth and a case when there is no
referral; a referral that is promoted to a case stays the same episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import Enum

from cts.domain.vocabulary import AWOL_CODES, GRID_TYPES, SENSITIVITIES, SEXES

ABSENT_FROM_PLACEMENT = "6871"
UNFOUNDED = "Unfounded"
LONGEST_NAME = 50

PARTIAL_AFTER, PARTIAL_SHARE = 10, 0.25

Value = str | date | None


class Kind(Enum):
    """How the text of a column is read."""

    TEXT = "text"
    NAME = "name"
    KEY = "key"
    STAFF_ID = "staff id"
    CODE = "code"
    DATE = "date"
    EMAIL = "e-mail address"


@dataclass(frozen=True)
class Column:
    """One column of the extract: how it is read, how long it may be, which codes it takes."""

    name: str
    kind: Kind = Kind.TEXT
    longest: int = 0
    codes: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """One good line. Blank is None; keys are 19 plain digits; dates are dates; codes are one of the column's codes."""

    line_number: int
    extract_date: date
    client_id: str
    state_id: str | None
    pdj_number: str | None
    last_name: str
    first_name: str
    middle_name: str | None
    suffix: str | None
    birth_date: date
    sex: str | None
    race_ethnicity: str | None
    primary_language: str | None
    csec_type_code: str
    csec_start_date: date
    csec_end_date: date | None
    project_name: str | None
    project_start_date: date | None
    project_end_date: date | None
    referral_id: str | None
    referral_date: date | None
    referral_name: str | None
    response_type: str | None
    disposition: str | None
    case_id: str | None
    case_name: str | None
    case_start_date: date | None
    case_end_date: date | None
    service_component: str | None
    lead_agency: str
    dual: str | None
    worker_id: str
    worker_name: str
    worker_email: str | None
    supervisor_id: str | None
    supervisor_name: str | None
    supervisor_email: str | None
    unit: str | None
    office_code: str
    office_name: str | None
    placement_type: str | None
    awol_code: str | None
    sensitivity: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong with one line of the file; a line may have several.

    `column` is empty when the line as a whole is wrong. `value` is what was typed.
    The keys are those that could be read: a youth whose line is refused is still in the extract.
    """

    line_number: int
    column: str
    problem: str
    value: str
    client_id: str = ""
    referral_id: str = ""
    case_id: str = ""


COLUMNS = (
    Column("extract_date", Kind.DATE, required=True),
    Column("client_id", Kind.KEY, required=True),
    Column("state_id", longest=20),
    Column("pdj_number", longest=20),
    Column("last_name", Kind.NAME, longest=25, required=True),
    Column("first_name", Kind.NAME, longest=20, required=True),
    Column("middle_name", Kind.NAME, longest=20),
    Column("suffix", longest=4),
    Column("birth_date", Kind.DATE, required=True),
    Column("sex", Kind.CODE, codes=tuple(SEXES)),
    Column("race_ethnicity", longest=100),
    Column("primary_language", longest=50),
    Column("csec_type_code", Kind.CODE, codes=tuple(GRID_TYPES), required=True),
    Column("csec_start_date", Kind.DATE, required=True),
    Column("csec_end_date", Kind.DATE),
    Column("project_name", longest=60),
    Column("project_start_date", Kind.DATE),
    Column("project_end_date", Kind.DATE),
    Column("referral_id", Kind.KEY),
    Column("referral_date", Kind.DATE),
    Column("referral_name", longest=60),
    Column("response_type", longest=30),
    Column("disposition", Kind.CODE, codes=("Substantiated", "Inconclusive", UNFOUNDED)),
    Column("case_id", Kind.KEY),
    Column("case_name", longest=60),
    Column("case_start_date", Kind.DATE),
    Column("case_end_date", Kind.DATE),
    Column("service_component", longest=40),
    Column("lead_agency", Kind.CODE, codes=("DCFS", "PROB"), required=True),
    Column("dual", Kind.CODE, codes=("Y", "N")),
    Column("worker_id", Kind.STAFF_ID, required=True),
    Column("worker_name", longest=100, required=True),
    Column("worker_email", Kind.EMAIL, longest=254),
    Column("supervisor_id", Kind.STAFF_ID),
    Column("supervisor_name", longest=100),
    Column("supervisor_email", Kind.EMAIL, longest=254),
    Column("unit", longest=20),
    Column("office_code", longest=10, required=True),
    Column("office_name", longest=100),
    Column("placement_type", longest=60),
    Column("awol_code", Kind.CODE, codes=tuple(AWOL_CODES)),
    Column("sensitivity", Kind.CODE, codes=tuple(SENSITIVITIES)),
)
COLUMN_NAMES = tuple(column.name for column in COLUMNS)
REQUIRED_COLUMNS = tuple(column.name for column in COLUMNS if column.required)
EPISODE_KEYS = ("referral_id", "case_id")
# Lines of one episode may differ in these only.
GRID_COLUMNS = ("csec_type_code", "csec_start_date", "csec_end_date")
EPISODE_COLUMNS = tuple(name for name in COLUMN_NAMES if name not in GRID_COLUMNS)
YOUTH_COLUMNS = (
    "state_id",
    "pdj_number",
    "last_name",
    "first_name",
    "middle_name",
    "suffix",
    "birth_date",
    "sex",
    "race_ethnicity",
    "primary_language",
)
_DATE_COLUMNS = tuple(column.name for column in COLUMNS if column.kind is Kind.DATE and column.name != "extract_date")

EMPTY = "This is required and is empty."
NO_EPISODE = "A line needs a referral_id or a case_id, and this one has neither."


def why_too_long(column: Column, text: str) -> str:
    """Return the sentence for a text that is longer than its column allows, or nothing.

    A name's limit is CWS/CMS's and counts letters: signs typed between them, be they a formula's, do not cost the
    youth their place in CTS, up to LONGEST_NAME characters in all.
    """
    if len(text) <= column.longest:
        return ""
    if column.kind is not Kind.NAME:
        return f"This has {len(text)} characters; at most {column.longest} are allowed."
    letters = sum(character.isalpha() for character in text)
    if letters > column.longest:
        return f"This has {letters} letters; at most {column.longest} are allowed."
    return f"This has {len(text)} characters; at most {LONGEST_NAME} are allowed." if len(text) > LONGEST_NAME else ""


def unknown_code(column: Column) -> str:
    """Return the sentence for a code that the column does not know."""
    if column.name == "csec_type_code":
        return "This is not a type of the CSEC Data Grid. The types are 6867 to 6872."
    return f"This is not one of the values that are known here: {', '.join(column.codes)}."


def problems_of(values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Return what is wrong with one line as (column, sentence), in the order of the columns.

    `values` holds the columns that could be read, blank as None; a column whose text could not be read is
    absent, and no rule that needs it is tried. The rules are those of the extract's description: required
    columns, grid dates, no date after the day after the extract.
    """
    found = [(name, EMPTY) for name in REQUIRED_COLUMNS if name in values and values[name] is None]
    if all(name in values and values[name] is None for name in EPISODE_KEYS):
        found.append(("referral_id", NO_EPISODE))
    found += _grid_problems(values)
    found += _dates_too_late(values)
    if len(found) > 1:
        order = {name: place for place, name in enumerate(COLUMN_NAMES)}
        found.sort(key=lambda problem: order[problem[0]])
    return found


def _grid_problems(values: Mapping[str, Value]) -> list[tuple[str, str]]:
    found = []
    birth, start, end = values.get("birth_date"), values.get("csec_start_date"), values.get("csec_end_date")
    if isinstance(start, date) and isinstance(birth, date) and start < birth:
        found.append(("csec_start_date", "The grid row starts before the youth was born."))
    if isinstance(end, date) and isinstance(start, date) and end < start:
        found.append(("csec_end_date", "The grid row ends before it starts."))
    if values.get("csec_type_code") == ABSENT_FROM_PLACEMENT and "csec_end_date" in values and end is None:
        found.append(("csec_end_date", "Type 6871, Victim while Absent from Placement, needs an end date."))
    return found


def _dates_too_late(values: Mapping[str, Value]) -> list[tuple[str, str]]:
    extracted = values.get("extract_date")
    if not isinstance(extracted, date) or extracted == date.max:
        return []
    latest = extracted + timedelta(days=1)
    found = []
    for name in _DATE_COLUMNS:
        value = values.get(name)
        if isinstance(value, date) and value > latest:
            found.append((name, f"The date is later than the day after the extract, {latest.isoformat()}."))
    return found


def line_of(line_number: int, values: Mapping[str, Value]) -> ExtractLine:
    """Return the line of `values`, which problems_of found good; columns that the file does not have are None."""
    return ExtractLine(line_number, *[values.get(name) for name in COLUMN_NAMES])  # type: ignore[arg-type]


def episode_key(client_id: str, referral_id: str | None, case_id: str | None) -> str:
    """Return what names one episode within an extract: the youth with the referral or, without one, with the case."""
    return f"{client_id} R {referral_id}" if referral_id else f"{client_id} C {case_id}"


def flag_ended_as_unfounded(disposition: str | None, project_end_date: date | None) -> bool:
    """Whether the investigation showed that the youth is not a victim: found Unfounded, and the flag's end entered.

    A flag that ended with any other finding does not end services: either the referral became a case, or a
    person has to look.
    """
    return disposition == UNFOUNDED and project_end_date is not None


def flag_missing_on_case(
    disposition: str | None, case_id: str | None, project_name: str | None, project_end_date: date | None
) -> bool:
    """Whether the referral became a case and nobody has entered the Special Project flag again on that case."""
    if case_id is None or flag_ended_as_unfounded(disposition, project_end_date):
        return False
    return project_name is None or project_end_date is not None


def columns_that_differ(lines: list[Mapping[str, Value]]) -> list[str]:
    """Return the columns, other than the grid's, in which the lines of one episode contradict each other."""
    return [name for name in EPISODE_COLUMNS if len({line.get(name) for line in lines}) > 1]


# The shape and the table of columns are two lists of the same names; a difference is a programmer's mistake.
if tuple(field.name for field in fields(ExtractLine))[1:] != COLUMN_NAMES:
    raise RuntimeError("ExtractLine and COLUMNS name different columns")


def looks_partial(gone: int, listed: int) -> bool:
    """Whether so many of the assignments listed so far are not in the extract that it may be only a part of one.

    Youth leave the extract a few a day. A file cut short would mark the rest as "No longer in CWS/CMS".
    """
    return gone >= PARTIAL_AFTER and gone > listed * PARTIAL_SHARE

"""The table of demonstration sign-ins in README.md, made from cts/services/demonstration.py and the sample extract."""

from cts.domain.extract import ExtractLine
from cts.domain.names import spoken_name
from cts.domain.vocabulary import ROLE_TITLES, Role
from cts.outside.cws_cms import read_extract
from cts.services.demonstration import AGENCIES, EXTRACT, OTHERS, PASSPHRASE, STAFF_OF_EXTRACT

BEGIN, END = "<!-- sign-ins: made by make docs -->", "<!-- end of sign-ins -->"


def with_sign_ins(readme: str) -> str:
    """The README with its table made anew. Raises ValueError when the marks are not there."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md needs the marks {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{sign_in_table()}{END}{after}"


def sign_in_table() -> str:
    """Every sign-in of the demonstration: user name, person, role, and where the person works."""
    named = _staff()
    lines = ["| User name | Person | Role | Office or agency |", "|---|---|---|---|"]
    rows = [(user_name, *named[staff_id]) for user_name, staff_id in STAFF_OF_EXTRACT.items()]
    rows += [(user_name, name, role, AGENCIES.get(agency, "The program")) for user_name, name, role, agency in OTHERS]
    lines += [f"| `{user}` | {spoken_name(name)} | {_title(role)} | {place} |" for user, name, role, place in rows]
    return "\n".join(lines) + f"\n\nThe passphrase of all of them: `{PASSPHRASE}`\n"


def _title(role: Role) -> str:
    return str(role) if ROLE_TITLES[role].lower() == role.lower() else f"{ROLE_TITLES[role]} ({role})"


def _staff() -> dict[str, tuple[str, Role, str]]:
    """Staff id -> name, role, office and unit, as the sample extract states them."""
    found: dict[str, tuple[str, Role, str]] = {}
    for line in read_extract(EXTRACT):
        if not isinstance(line, ExtractLine):
            continue
        dcfs = line.lead_agency == "DCFS"
        place = f"{line.office_name}, unit {line.unit}"
        found.setdefault(line.worker_id, (line.worker_name, Role.CSW if dcfs else Role.DPO, place))
        if line.supervisor_id:
            supervisor = (line.supervisor_name or "", Role.SCSW if dcfs else Role.SDPO, place)
            found.setdefault(line.supervisor_id, supervisor)
    return found

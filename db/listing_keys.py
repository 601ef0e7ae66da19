"""What the Assignment Listing is sorted by, beside each assignment, so that a page of a list of any length is read from an index.

Triggers keep it in step with every write, whoever writes: names of youth, staff and agencies stand in tables of their own, and are folded
as people look them up (cts/services/sorting.py). A key is '' where the cell is blank. Two cells (name of the youth, agency and Advocate) make
a key for each direction, since a blank one comes last in both.
"""

from sqlalchemy import Connection, literal_column, text

from cts.services.sorting import as_looked_up

BETWEEN, LAST = "\u0001", "\U0010ffff"
_FIRST = ""


def _folded(connection: Connection, column: str) -> str:
    return str(as_looked_up(literal_column(column)).compile(connection, compile_kwargs={"literal_binds": True}))


class Keys:
    """The keys of one assignment as SQL; `row` is what it is called where they are made ("assignment", "NEW")."""

    def __init__(self, connection: Connection, row: str) -> None:
        self._connection, self._row = connection, row

    def all(self) -> dict[str, str]:
        """The expression of each column."""
        staff = {
            "by_csw": self._of("person", "name", "worker_id"),
            "by_scsw": self._of("person", "name", "supervisor_id"),
        }
        own = {f"by_{short}": self._own(c) for short, c in (("referral", "referral_id"), ("case", "case_id"))}
        own["by_referral_name"] = self._own("referral_name")
        whole = {name: f"COALESCE({made}, '')" for name, made in (self.of_youth() | staff).items() if made}
        return own | whole | self.of_agency() | self.named()

    def of_youth(self) -> dict[str, str]:
        """Those that are copied from the youth."""
        return {
            "by_state_id": self._of("youth", "state_id", "youth_id"),
            "by_pdj": self._of("youth", "pdj_number", "youth_id"),
        }

    def named(self) -> dict[str, str]:
        """Last and first name of the youth, for either direction."""
        names = [self._of("youth", column, "youth_id") for column in ("last_name", "first_name")]
        return _both("by_youth", names)

    def of_agency(self) -> dict[str, str]:
        """Agency and Advocate, for either direction."""
        return _both("by_agency", [self._of("agency", "name", "agency_id"), self._of("person", "name", "advocate_id")])

    def _own(self, column: str) -> str:
        return f"COALESCE({_folded(self._connection, f'{self._row}.{column}')}, '')"

    def _of(self, table: str, column: str, by: str) -> str:
        folded = _folded(self._connection, f"t.{column}")
        return f"(SELECT {folded} FROM {table} t WHERE t.id = {self._row}.{by})"  # noqa: S608 - our own names


def _both(name: str, parts: list[str]) -> dict[str, str]:
    def joined(blank: str) -> str:
        return f" || '{BETWEEN}' || ".join(f"COALESCE(NULLIF({part}, ''), '{blank}')" for part in parts)

    return {f"{name}_up": joined(LAST), f"{name}_down": joined(_FIRST)}


OF_ASSIGNMENT = "youth_id, worker_id, supervisor_id, agency_id, advocate_id, referral_id, referral_name, case_id"
CHANGED = {
    "youth": "last_name, first_name, state_id, pdj_number",
    "person": "name",
    "agency": "name",
}
"""The columns of other tables whose change is followed."""


def fill_listing_keys(connection: Connection) -> None:
    """Make the keys of every assignment anew."""
    connection.execute(text(f"UPDATE assignment SET {_set(Keys(connection, 'assignment').all())}"))  # noqa: S608


def listing_keys_kept(connection: Connection) -> bool:
    """Whether every trigger is there."""
    postgres = connection.dialect.name == "postgresql"
    names = "SELECT tgname FROM pg_trigger" if postgres else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    return set(_names(postgres)) <= set(connection.scalars(text(names)))


def drop_listing_keys(connection: Connection) -> None:
    """Take the triggers off: SQLite renames no table while a trigger of another one names it. keep_listing_keys brings them back."""
    postgres = connection.dialect.name == "postgresql"
    if not listing_keys_kept(connection):
        return
    for name, table in _names(postgres).items():
        connection.execute(text(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}"))


def keep_listing_keys(connection: Connection) -> None:
    """Make the triggers anew."""
    drop_listing_keys(connection)
    if connection.dialect.name == "postgresql":
        _on_postgres(connection)
    else:
        _on_sqlite(connection)


def _names(postgres: bool) -> dict[str, str]:
    of_assignment = ("assignment_keys",) if postgres else ("assignment_keys_new", "assignment_keys_changed")
    return dict.fromkeys(of_assignment, "assignment") | {f"{table}_keys_changed": table for table in CHANGED}


def _set(keys: dict[str, str]) -> str:
    return ", ".join(f"{name} = {made}" for name, made in keys.items())


def _followed(connection: Connection, table: str) -> list[str]:
    """What a change in another table changes in its assignments."""
    keys = Keys(connection, "assignment")
    made, plain = keys.all(), keys.of_agency()
    named = {name: made[name] for name in (*keys.named(), *keys.of_youth())}
    changes = {
        "youth": [("youth_id", named)],
        "agency": [("agency_id", plain)],
        "person": [
            ("worker_id", {"by_csw": made["by_csw"]}),
            ("supervisor_id", {"by_scsw": made["by_scsw"]}),
            ("advocate_id", plain),
        ],
    }
    return [f"UPDATE assignment SET {_set(k)} WHERE {by} = NEW.id;" for by, k in changes[table]]  # noqa: S608


def _on_sqlite(connection: Connection) -> None:
    mine = f"UPDATE assignment SET {_set(Keys(connection, 'assignment').all())} WHERE id = NEW.id;"  # noqa: S608
    make = "CREATE TRIGGER {0} AFTER {1} ON {2} BEGIN {3} END"
    said = [
        make.format("assignment_keys_new", "INSERT", "assignment", mine),
        make.format("assignment_keys_changed", f"UPDATE OF {OF_ASSIGNMENT}", "assignment", mine),
    ]
    for table, columns in CHANGED.items():
        body = " ".join(_followed(connection, table))
        said.append(make.format(f"{table}_keys_changed", f"UPDATE OF {columns}", table, body))
    for one in said:
        connection.exec_driver_sql(one)


def _on_postgres(connection: Connection) -> None:
    mine = " ".join(f"NEW.{name} := {made};" for name, made in Keys(connection, "NEW").all().items())
    bodies = {"assignment_keys": f"{mine} RETURN NEW;"}
    when = {"assignment_keys": f"BEFORE INSERT OR UPDATE OF {OF_ASSIGNMENT} ON assignment"}
    for table, columns in CHANGED.items():
        name = f"{table}_keys_changed"
        bodies[name] = " ".join([*_followed(connection, table), "RETURN NULL;"])
        when[name] = f"AFTER UPDATE OF {columns} ON {table}"
    for name, body in bodies.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} END $$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when[name]} FOR EACH ROW EXECUTE FUNCTION {name}()")

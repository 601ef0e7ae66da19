"""A real, throw-away PostgreSQL, started from the machine's own programs.

`postgres_server` lives for the whole test run; each test gets a database of its own: a copy of a migrated template, or
one that an earlier test has given back and that was emptied.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from db.migrate import migrate
from db.session import make_engine
from tests.parts.ports import free_port, wait_until
from tests.parts.postgres_rows import Rows, put_rows, rows_of, shape_of

TEMPLATE = "cts_template"
LENT_AT_MOST = 25
"""How many tests use a database one after the other: what they deleted still lies in its files."""


def programs() -> Path | None:
    """The folder with initdb and postgres: on PATH, else the newest under /usr/lib/postgresql, else None."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists() and (folder / "initdb").exists()), None)


class PostgresServer:
    """A running server. Speaks only on loopback, with a password made for this run."""

    lasting = False
    """Whether it waits for the disk at each commit, as a server that people work with."""
    more_settings: ClassVar[Mapping[str, object]] = {}
    """What another kind of server has otherwise than those of tests."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        # Not under pytest's own temporary folder: that one is closed to the other user the server runs as.
        self.folder = Path(tempfile.mkdtemp(prefix="cts-postgres-"))
        self._data = self.folder / "data"
        self._password = secrets.token_urlsafe(16)
        self._numbers = iter(range(1, 1_000_000))
        self._lent: Counter[str] = Counter()
        self._to_lend: list[str] = []
        self._unused: tuple[Rows, str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._as_user: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            other = names.get("postgres") or names["nobody"]
            self._as_user = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
            os.chown(self.folder, other.pw_uid, other.pw_gid)

    def start(self) -> None:
        """Make the cluster if there is none, start the server and wait until it answers."""
        if not self._data.exists():
            self._make_cluster()
        self.port = self.port or free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 60,
            "shared_buffers": "32MB",
            # Only a loss of power could tell, and no test is one.
            "fsync": "on" if self.lasting else "off",
            "full_page_writes": "on" if self.lasting else "off",
            # Nothing here lives long enough to be tidied up.
            "autovacuum": "off",
            **self.more_settings,
        }
        command = [str(self._bin / "postgres"), "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as_user)  # type: ignore[call-overload]
        wait_until(self._answers, 30, lambda: f"PostgreSQL did not start:\n{self._log()}")

    def _make_cluster(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self._password)
        if self._as_user:
            os.chown(password_file, self._as_user["user"], self._as_user["group"])  # type: ignore[arg-type]
        done = subprocess.run(
            [
                str(self._bin / "initdb"),
                f"--pgdata={self._data}",
                "--username=cts",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "--no-sync",
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._as_user,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, f"initdb failed:\n{done.stdout}{done.stderr}"
        password_file.unlink()

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended while starting:\n{self._log()}")
        try:
            self._run_sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def _run_sql(self, statement: str) -> None:
        with psycopg.connect(self._address("postgres", ""), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str, driver: str) -> str:
        return f"postgresql{driver}://cts:{self._password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, migrated: bool = True) -> str:
        """The SQLAlchemy URL of a new database: with all tables and no rows, or empty (`migrated=False`)."""
        name = f"cts_{next(self._numbers)}"
        template = self._template() if migrated else "template0"
        return self._copy(template, name)

    def copy_database(self, url: str) -> str:
        """The URL of a new database with everything that is in this one, to which nobody may be connected."""
        return self._copy(url.rsplit("/", 1)[1], f"cts_{next(self._numbers)}")

    def lend_database(self) -> str:
        """The URL of a database with all tables and no rows; whoever is done with it gives it back."""
        url = self._to_lend.pop() if self._to_lend else self.new_database()
        if self._unused is None:
            with psycopg.connect(_libpq(url)) as connection:
                self._unused = rows_of(connection), shape_of(connection)
        self._lent[url] += 1
        return url

    def take_back(self, url: str) -> None:
        """Empty a database that was lent, for the next test; or drop it: when its tables are not what they were, or it was used often."""
        assert self._unused is not None
        rows, shape = self._unused
        with psycopg.connect(_libpq(url), autocommit=True) as connection:
            connection.execute(CUT_OFF_OTHERS)
            usable = self._lent[url] < LENT_AT_MOST and shape_of(connection) == shape
            if usable:
                put_rows(connection, rows)
                self._to_lend.append(url)
        if not usable:
            self.drop_database(url)

    def _copy(self, template: str, name: str) -> str:
        self._run_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._address(name, "+psycopg")

    def _template(self) -> str:
        if not (self.folder / TEMPLATE).exists():
            self._run_sql(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            engine = make_engine(self._address(TEMPLATE, "+psycopg"))
            migrate(engine)
            engine.dispose()
            (self.folder / TEMPLATE).touch()
        return TEMPLATE

    def drop_database(self, url: str) -> None:
        """Drop a database made by new_database; whoever is still connected to it is cut off."""
        self._run_sql(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def stop(self) -> None:
        """A fast, orderly stop; connections that are still open are cut."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """The machine loses power: every process of the server is ended at once, without a chance to write."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


CUT_OFF_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def _libpq(url: str) -> str:
    return url.replace("+psycopg", "", 1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL of this test run."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.fail("The tests need a PostgreSQL server's programs: apt-get install postgresql")
    server = PostgresServer(bin_folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)

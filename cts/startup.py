"""What happens before the first request and after the last, however the server was started."""

import gc
import importlib
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from cts.domain.workflow import proof_read
from cts.outside import credentials
from cts.services import demonstration
from cts.services.clocks import keep_clocks_by_these_settings
from cts.services.extract_run import forget_old_uploads
from cts.services.start_log import log_start
from cts.settings import Settings
from db.migrate import migrate
from db.session import close_database, open_database

# A young generation large enough that a rerun seldom ends in a collection; old objects are looked at rarely. Streamlit's own
# collection after every run is off (.streamlit/config.toml), so these three numbers bound the memory.
COLLECTOR_THRESHOLDS = (20_000, 20, 50)
# A computation in one thread gives way to the others after this many seconds (Python's own 0.005 lets them wait seconds).
SWITCH_INTERVAL_SECONDS = 0.0002
HEAVY_MODULES = ("pandas", "pyarrow", "sqlalchemy.dialects.sqlite")


class UnsoundWorkflow(Exception):
    """The table of the workflow contradicts itself; CTS does not start on it."""


def prepare_database(settings: Settings) -> None:
    """Open the database, bring its tables up to date, fill an empty one with the demonstration when that is the mode, log the start.

    Raises UnsoundWorkflow when the proof-reading of the workflow finds anything, UnsafeSettings when production finds demonstration accounts.
    """
    faults = proof_read()
    if faults:
        raise UnsoundWorkflow("The table of the workflow is not sound: " + "; ".join(faults))
    settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(open_database(settings.database_url))
    forget_old_uploads(datetime.now(UTC))
    demonstration.refuse_demonstration_in_production()
    demonstration.load_demonstration(datetime.now(UTC))
    keep_clocks_by_these_settings()
    log_start(settings, socket.gethostname(), datetime.now(UTC))


def tune_process(pages: Iterable[str] = ()) -> None:
    """Import the pages and what they need, then put all of it out of the garbage collector's sight."""
    for name in (*HEAVY_MODULES, *pages):
        importlib.import_module(name)
    credentials.warm_up()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def start_jobs() -> Callable[[], None]:
    """Start the background jobs: e-mails, reminders, anchors, the work of the night. Returns the function that stops them and waits."""
    stop = threading.Event()
    jobs = []
    for name in ("send", "remind", "anchor", "nightly"):
        module = importlib.import_module(f"cts.jobs.{name}")
        jobs.append(threading.Thread(target=module.run_forever, args=(stop,), name=name, daemon=True))
    for job in jobs:
        job.start()

    def stop_and_wait() -> None:
        stop.set()
        for job in jobs:
            job.join(timeout=10)

    return stop_and_wait


def close() -> None:
    """Give back the connections."""
    close_database()

"""A production server and the demonstration, whose passphrase is published."""

import shutil
from pathlib import Path

import pytest

from tests.parts.cts_server import StartCts, demonstration_file

PRODUCTION = {
    "CTS_MODE": "production",
    "CTS_BASE_URL": "https://cts.county.example",
    "CTS_SMTP_HOST": "mail.county.example",
}


def test_production_does_not_start_on_the_demonstration_accounts(start_cts: StartCts, tmp_path: Path) -> None:
    database = shutil.copyfile(demonstration_file(), tmp_path / "cts.sqlite")
    with pytest.raises(RuntimeError, match="whose passwords are published") as ended:
        start_cts(CTS_DATABASE_URL=f"sqlite:///{database}", **PRODUCTION)
    assert "Traceback" not in str(ended.value)


def test_production_starts_on_a_database_of_its_own_and_loads_no_demonstration(start_cts: StartCts) -> None:
    production = start_cts(**PRODUCTION)
    listed = production.run_command("account", "password", "admin")
    assert listed.returncode == 1
    assert "There is no account 'admin'." in listed.stderr

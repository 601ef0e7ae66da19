"""Every upload passes the virus scanner before it is kept; a scanner that is down keeps nothing out but the upload."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from cts.services import case_files, extract_run, scanning
from cts.services.case_files import keep_file, list_files
from cts.services.extract_run import keep_upload
from cts.services.scanning import FileNotScanned, HarmfulFile
from cts.settings import settings
from db.models import AccessEntry, CaseFileContent
from db.session import reading
from tests.cast import NOW
from tests.outside.test_file_checks import a_pdf
from tests.parts.clamd import VIRUS, Scanner, running_scanner
from tests.parts.desk import Desk, served
from tests.parts.ports import free_port


@pytest.fixture
def clamd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Scanner]:
    with running_scanner() as running:
        point_at(monkeypatch, running.address, tmp_path)
        yield running


def point_at(monkeypatch: pytest.MonkeyPatch, address: str, folder: Path) -> None:
    chosen = replace(settings(), clamd=address, var_dir=folder)
    for module in (scanning, extract_run):
        monkeypatch.setattr(module, "settings", lambda: chosen)


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    return served()


def kept() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(CaseFileContent)) or 0


def refusals() -> list[str]:
    with reading() as session:
        found = session.scalars(select(AccessEntry).where(AccessEntry.outcome == "refused").order_by(AccessEntry.id))
        return [entry.details["kind"] for entry in found]


def infected() -> bytes:
    return a_pdf() + b"\n%" + VIRUS + b"\n%%EOF\n"


def test_what_the_scanner_finds_is_never_kept_and_both_logs_say_so(
    desk: Desk, clamd: Scanner, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with (
        pytest.raises(HarmfulFile, match="The virus scanner found something harmful"),
        caplog.at_level(logging.WARNING),
    ):
        keep_file(desk.cast.advocate, desk.number, "consent", "consent.pdf", infected(), desk.tick())
    with pytest.raises(HarmfulFile):
        keep_upload(desk.cast.admin, b"client_id\n" + VIRUS, NOW)
    assert (kept(), list_files(desk.cast.csw, desk.number), list(tmp_path.glob("extracts/*"))) == (0, (), [])
    assert refusals() == ["HarmfulFile", "HarmfulFile"]
    assert "found Eicar-Test-Signature in an upload" in caplog.text
    assert "consent" not in caplog.text


def test_what_is_clean_is_kept(desk: Desk, clamd: Scanner) -> None:
    keep_file(desk.cast.advocate, desk.number, "consent", "consent.pdf", a_pdf(), desk.tick())
    keep_upload(desk.cast.admin, b"client_id\n1", NOW)
    assert (kept(), clamd.seen) == (1, [a_pdf(), b"client_id\n1"])


def test_a_scanner_that_is_down_refuses_the_upload_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    point_at(monkeypatch, f"127.0.0.1:{free_port()}", tmp_path)
    with pytest.raises(FileNotScanned, match="Choose the file again in a few minutes"):
        keep_file(desk.cast.advocate, desk.number, "consent", "consent.pdf", a_pdf(), desk.tick())
    with pytest.raises(FileNotScanned):
        keep_upload(desk.cast.admin, b"client_id\n1", NOW)
    desk.plan().writes("advocate", strengths="Written all the same.")
    assert (kept(), refusals()) == (0, ["FileNotScanned", "FileNotScanned"])
    with running_scanner() as running:
        point_at(monkeypatch, running.address, tmp_path)
        keep_file(desk.cast.advocate, desk.number, "consent", "consent.pdf", a_pdf(), desk.tick())
    assert kept() == 1


def test_nobody_waits_for_the_database_while_a_file_is_scanned(
    desk: Desk, clamd: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look takes place outside of every transaction: another person saves meanwhile, also on SQLite with its one writer."""
    real = scanning.scanner.scan

    def scan_while_others_work(content: bytes, address: str) -> None:
        desk.plan().writes("advocate", strengths="Saved while a file is scanned.")
        real(content, address)

    monkeypatch.setattr(case_files, "demand_clean", lambda content: scan_while_others_work(content, clamd.address))
    keep_file(desk.cast.advocate, desk.number, "consent", "consent.pdf", a_pdf(), desk.tick())
    assert desk.plan().sees("advocate").answers["strengths"] == "Saved while a file is scanned."

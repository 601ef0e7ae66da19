"""What is uploaded passes the virus scanner, where there is one (CTS_CLAMD). "The scanner is down" is not "clean"."""

import logging

from cts.outside import scanner
from cts.services.refusals import Incomplete
from cts.settings import settings

_logger = logging.getLogger(__name__)


class HarmfulFile(Incomplete):
    """The scanner found something in the file."""


class FileNotScanned(Incomplete):
    """The scanner gave no verdict."""


def demand_clean(content: bytes) -> None:
    """Return for a file that the scanner calls clean, or where no scanner is set. Raises HarmfulFile, FileNotScanned; call it outside of any
    transaction, for a scanner takes its time."""
    address = settings().clamd
    if not address:
        return
    try:
        scanner.scan(content, address)
    except scanner.Harmful as found:
        _logger.warning("The scanner found %s in an upload; it was not kept.", found)
        raise HarmfulFile(
            "The virus scanner found something harmful in this file, so it is not kept. "
            "Do not open it again, and tell support from which device it came."
        ) from found
    except scanner.NotScanned as problem:
        _logger.warning("An upload was not kept: %s.", problem)
        raise FileNotScanned(
            "This file could not be looked at for viruses just now, so it is not kept. Everything else you wrote is saved. "
            "Choose the file again in a few minutes; if it goes on, tell support."
        ) from problem

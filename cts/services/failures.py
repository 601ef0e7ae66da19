"""What is logged of an error that nobody expected: where it happened, never its text, which may quote a record."""

import logging
import secrets
import traceback

_log = logging.getLogger("cts")


def log_failure(error: BaseException) -> str:
    """Log the kind of an error and where it happened; returns the reference number to show, 4 hexadecimal digits."""
    reference = secrets.token_hex(2).upper()
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    steps = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _log.error("Something went wrong (ref %s): %s at %s", reference, type(error).__name__, steps)
    return reference

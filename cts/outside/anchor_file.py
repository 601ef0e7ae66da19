"""The file of anchors: one line a day of how far the access log had come, out of the database's reach."""

import os
from collections.abc import Iterable
from pathlib import Path

from cts.domain.audit import Anchor, anchors_in


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Every anchor of the file; none when there is no such file. Raises OSError when it cannot be read."""
    return anchors_in(path.read_text(encoding="utf-8", errors="replace")) if path.exists() else ()


def append_anchors(path: Path, anchors: Iterable[Anchor]) -> int:
    """Append those whose day the file does not have, readable by its owner only, and on the disk when this returns; returns how many.

    A line that is there is never changed. Raises OSError.
    """
    known = {anchor.day for anchor in read_anchors(path)}
    new = [anchor for anchor in anchors if anchor.day not in known]
    if new:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
            file.writelines(f"{anchor.line}\n" for anchor in new)
            file.flush()
            os.fsync(file.fileno())
    return len(new)

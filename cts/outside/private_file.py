"""Content that must not lie on a disk in clear letters, under a path for those who read files only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile


@contextmanager
def readable_path(content: bytes, folder: Path) -> Iterator[Path]:
    """A path under which this process reads `content` while the block lasts: in memory alone, where the system (Linux) has such files.

    Elsewhere a file in `folder` that only the server's own account reads, removed at the end.
    """
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("cts"), "wb") as file:
            file.write(content)
            file.flush()
            yield Path(f"/proc/self/fd/{file.fileno()}")
    else:
        with NamedTemporaryFile(dir=folder) as file:
            file.write(content)
            file.flush()
            yield Path(file.name)

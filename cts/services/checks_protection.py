"""Checks of what protects: the access log's chain, the keys of encryption, the virus scanner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cts.outside import sealing
from cts.outside.anchor_file import read_anchors
from cts.services.audit_chain import verify
from cts.services.checking import About, Check, NotCheckedHere
from cts.services.key_rotation import kept_under
from cts.settings import settings


def _chain(_session: Session, _now: datetime) -> Sequence[str]:
    return [finding.sentence for finding in verify(read_anchors(settings().anchor_path)).findings]


def _keys(_session: Session, _now: datetime) -> Sequence[str]:
    """What no key of the settings opens, by the name of its key."""
    known = set(sealing.key_names())
    return [
        f"{count:,} {called} under {name!r}"
        for name, kinds in sorted(kept_under().items())
        for called, count in sorted(kinds.items())
        if name not in known
    ]


def _scanner(_session: Session, _now: datetime) -> Sequence[str]:
    chosen = settings()
    if chosen.demonstration and not chosen.clamd:
        raise NotCheckedHere(
            "The demonstration takes uploads without a scanner; they are checked by their content only."
        )
    return [] if chosen.clamd else ["CTS_CLAMD is not set"]


CHECKS = (
    Check(
        "access_log",
        About.SERVER,
        "The access log is as it was written",
        "Somebody changed the access log past CTS: what it says can no longer be relied on.",
        "Tell the County's information security officer at once and change nothing. python -m cts verify-audit says the same again.",
        _chain,
    ),
    Check(
        "keys",
        About.SERVER,
        "Every key of encryption is there",
        "Files and private answers cannot be read.",
        "Put the key of this name back into CTS_DATA_KEYS, behind the first one, and restart. It is in the County's vault.",
        _keys,
    ),
    Check(
        "scanner",
        About.SERVER,
        "Uploads are looked at by a virus scanner",
        "Uploaded files are checked by their content only.",
        "Install clamd and set CTS_CLAMD, as the operating guide says.",
        _scanner,
    ),
)

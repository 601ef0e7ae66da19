"""What asks for attention, as conditions on assignments: the marks of a row, the lists of Attention and the tiles that count them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, literal_column, select

from cts.domain.filters import Attention
from cts.domain.service_time import ATTENTION_MONTHS, latest_end
from cts.domain.vocabulary import Status
from cts.services.looked_up import among_few, as_day, as_word
from db.models import Agency, Assignment, ReviewedDocument
from db.models.documents import ENDED_WORDS, TERM_WORDS
from db.models.youth import CLOSED_WORDS

CONTRACT_WARNING_DAYS = 60
"""So long before the end of an agency's contract its youth stand on a list."""


@dataclass(frozen=True)
class AttentionKind:
    """`title` names the list; `condition` says which assignments stand on it on a day of the office; `means` says what is to be done."""

    title: str
    condition: Callable[[date], ColumnElement[bool]]
    means: str = ""


def _open() -> ColumnElement[bool]:
    return Assignment.status.not_in(_in_words(CLOSED_WORDS))


def _in_words(words: Iterable[str]) -> list[ColumnElement[str]]:
    """As an index of few says it; a value given apart would not be seen to be the same."""
    return [literal_column(word) for word in words]


def _served(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Assignment.status == as_word(Status.APPROVED), *more)


def _of_agency(missing: ColumnElement[bool]) -> ColumnElement[bool]:
    """Served by an agency, without something: an index holds these few only."""
    return _served(Assignment.agency_id.is_not(None), missing)


def _ends_between(today: date, months: int) -> ColumnElement[bool]:
    """The service ends at most `months` months from today, and not within one month less; the last month begins with its last day."""
    earliest = latest_end(today, months - 1) if months > 1 else today - timedelta(days=1)
    latest = latest_end(today, months)
    return _served(Assignment.service_end_on <= as_day(latest), Assignment.service_end_on > as_day(earliest))


def _nothing_in_hand() -> ColumnElement[bool]:
    """Neither an Extension Request nor a Termination Report is under way: in the words of the index of those that are."""
    under_way = (
        ReviewedDocument.assignment_id == Assignment.id,
        ReviewedDocument.kind.in_(_in_words(TERM_WORDS)),
        ReviewedDocument.status.not_in(_in_words(ENDED_WORDS)),
    )
    return ~exists(select(literal_column("1")).where(*under_way).correlate(Assignment))


def _contract(*ends: ColumnElement[bool]) -> ColumnElement[bool]:
    return _served(among_few(Assignment.agency_id, select(Agency.id).where(*ends).correlate(None).scalar_subquery()))


OF_FEW = frozenset(
    {
        *(Attention.FLAG_MISSING, Attention.FLAG_ENDED, Attention.NOT_IN_EXTRACT),
        *(Attention.WORKER_LEFT, Attention.ALERTS_OPEN, Attention.NO_ADVOCATE),
    }
)
"""Kinds that have an index of their rows only, in the order of their numbers. All others are of services that last."""

OF_SERVICES_THAT_END = frozenset({Attention.THREE_MONTHS_LEFT, Attention.TWO_MONTHS_LEFT, Attention.LAST_MONTH})
"""Kinds by the day on which a service will end, most of a year after it was begun."""

ATTENTION: Mapping[Attention, AttentionKind] = {
    Attention.FLAG_MISSING: AttentionKind(
        "CSEC flag not entered on the case",
        lambda _day: and_(Assignment.case_flag_missing, _open()),
        "The referral became a case and the flag did not follow: enter it on the case in CWS/CMS.",
    ),
    Attention.FLAG_ENDED: AttentionKind(
        "CSEC flag ended while in service",
        lambda _day: and_(Assignment.flag_ended_on.is_not(None), _open()),
        "CWS/CMS states an end of the flag. Speak with the Advocate: does the service go on?",
    ),
    Attention.NOT_IN_EXTRACT: AttentionKind(
        "No longer in CWS/CMS",
        lambda _day: and_(Assignment.missing_since.is_not(None), _open()),
        "The last extracts do not hold the youth any more.",
    ),
    Attention.ALERTS_OPEN: AttentionKind(
        "Safety alerts not acknowledged",
        lambda _day: _of_agency(Assignment.alerts_acknowledged_at.is_(None)),
        "The agency's coordinator acknowledges them before an Advocate can be named.",
    ),
    Attention.NO_ADVOCATE: AttentionKind(
        "No Advocate named",
        lambda _day: _of_agency(Assignment.advocate_id.is_(None)),
        "The agency's coordinator names one.",
    ),
    Attention.THREE_MONTHS_LEFT: AttentionKind(
        "Third month before the end of the service",
        lambda day: _ends_between(day, ATTENTION_MONTHS),
        "Of twelve months the ninth is over: plan for the end, or for an extension.",
    ),
    Attention.TWO_MONTHS_LEFT: AttentionKind(
        "Second month before the end of the service",
        lambda day: _ends_between(day, ATTENTION_MONTHS - 1),
        "Of twelve months the tenth is over.",
    ),
    Attention.LAST_MONTH: AttentionKind(
        "Last month of the service",
        lambda day: _ends_between(day, ATTENTION_MONTHS - 2),
        "An Extension Request or a Termination Report must be in hand before it ends.",
    ),
    Attention.SERVICE_OVER: AttentionKind(
        "Time of the service over, nothing in hand",
        lambda day: _served(Assignment.service_end_on < as_day(day), _nothing_in_hand()),
        "The Advocate begins an Extension Request or a Termination Report now.",
    ),
    Attention.PHASE_OVERDUE: AttentionKind(
        "Phase of the plan overdue",
        lambda day: _served(Assignment.phase_due_on < as_day(day)),
        "The projected end has passed and the phase is not approved.",
    ),
    Attention.CONTACT_MISSED: AttentionKind(
        "In-person contact missed",
        lambda day: _served(Assignment.contact_due_on < as_day(day)),
        "No completed contact in person with the youth since a week that has passed.",
    ),
    Attention.WORKER_LEFT: AttentionKind(
        "Case worker has left",
        lambda _day: and_(Assignment.worker_choice_open, _open()),
        "A supervisor of the office chooses a colleague; until then the supervisor is the case worker.",
    ),
    Attention.AGENCY_ENDING: AttentionKind(
        f"Agency's contract ends within {CONTRACT_WARNING_DAYS} days",
        lambda day: _contract(
            Agency.contract_end_on >= as_day(day),
            Agency.contract_end_on <= as_day(day + timedelta(days=CONTRACT_WARNING_DAYS)),
        ),
        "Extend the contract, or assign the youth to another agency.",
    ),
    Attention.AGENCY_ENDED: AttentionKind(
        "Agency's contract has ended",
        lambda day: _contract(Agency.contract_end_on < as_day(day)),
        "Nobody of the agency can sign in. CSEC Administration assigns the youth to another agency.",
    ),
}
"""Every kind has its entry; a test compares."""

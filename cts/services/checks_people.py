"""Checks of people and e-mails: who is reminded, who can still enter, what was not sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import AGENCY_ROLES
from cts.services.checking import COUNTED_AT_MOST, About, Check, found_by
from cts.services.digests import NOT_NEEDED
from cts.services.history import clock
from cts.services.outbox import CLAIM_MINUTES
from cts.services.reminders import reminding_nobody
from cts.settings import settings
from db.models import Account, EmailOwed, Person, SignInSession

FAILED_DAYS = 30
OVERDUE_HOURS = 2
_UNSENT = (EmailOwed.sent_at.is_(None), EmailOwed.failed_at.is_(None))


def _nobody_reminded(session: Session, now: datetime) -> Sequence[str]:
    found = reminding_nobody(session, now)[: COUNTED_AT_MOST + 1]
    return [f"Assignment {item.assignment.number}, {item.document}: {item.asked}" for item in found]


def _sessions_of_ended_people(session: Session, now: datetime) -> Sequence[str]:
    chosen = settings()
    query = select(Account.user_name).distinct().join(SignInSession, SignInSession.person_id == Account.person_id)
    query = query.join(Person, Person.id == Account.person_id).where(
        ~Person.active,
        SignInSession.ended_at.is_(None),
        SignInSession.created_at > now - timedelta(hours=chosen.session_hours),
        SignInSession.last_active_at > now - timedelta(minutes=chosen.session_idle_minutes),
    )
    return found_by(session, query.order_by(Account.user_name), "{user_name}")


def _placeless_accounts(session: Session, _now: datetime) -> Sequence[str]:
    """Of an agency by title, without one; or of the county and of an agency at once."""
    of_agency = Person.role.in_(sorted(AGENCY_ROLES))
    wrong = or_(and_(of_agency, Person.agency_id.is_(None)), and_(~of_agency, Person.agency_id.is_not(None)))
    query = select(Account.user_name, Person.role).join(Person, Person.id == Account.person_id)
    return found_by(session, query.where(Person.active, wrong).order_by(Account.user_name), "{user_name}: {role}")


def _stuck_emails(session: Session, now: datetime) -> Sequence[str]:
    """Claimed long ago: the sender was killed, and no other has taken it."""
    since = now - timedelta(minutes=3 * CLAIM_MINUTES)
    query = select(EmailOwed.id).where(*_UNSENT, EmailOwed.claimed_at < since).order_by(EmailOwed.id)
    return found_by(session, query, "E-mail {id}")


def _failed_emails(session: Session, now: datetime) -> Sequence[str]:
    query = select(EmailOwed.id).where(
        EmailOwed.sent_at.is_(None),
        EmailOwed.failed_at > now - timedelta(days=FAILED_DAYS),
        not_(EmailOwed.last_error.startswith(NOT_NEEDED, autoescape=True)),
    )
    return found_by(session, query.order_by(EmailOwed.id), "E-mail {id}")


def _mail_server(session: Session, now: datetime) -> Sequence[str]:
    """The age of the oldest e-mail still owed tells whether anything is sent at all."""
    waited = now - timedelta(hours=OVERDUE_HOURS)
    oldest = select(EmailOwed.created_at).where(*_UNSENT, EmailOwed.created_at < waited)
    since = session.scalar(oldest.order_by(EmailOwed.due_at).limit(1))
    return [f"Since {clock(since)}"] if since else []


CHECKS = (
    Check(
        "nobody_reminded",
        About.PEOPLE,
        "Somebody is reminded of every waiting document",
        "A document waits for somebody who left, has no account or no e-mail address: nobody is reminded of it.",
        "Give the person an account and an address, or have the youth's worker or supervisor corrected in CWS/CMS; of an "
        "Advocate who left, the coordinator assigns another.",
        _nobody_reminded,
    ),
    Check(
        "sessions_of_ended_people",
        About.PEOPLE,
        "Nobody who left is signed in",
        "The person is marked as no longer working here, and a sign-in session is still open.",
        "End the account once more: python -m cts account end USER closes every session of it.",
        _sessions_of_ended_people,
    ),
    Check(
        "placeless_accounts",
        About.PEOPLE,
        "Accounts have the place their title needs",
        "An Advocate or coordinator has no agency, or somebody of the county has one: the person sees too little, or too much.",
        "End the account and make it anew with the right role and agency.",
        _placeless_accounts,
    ),
    Check(
        "stuck_emails",
        About.EMAILS,
        "No e-mail is stuck with a sender that is gone",
        "A sender took the e-mail and never said what became of it, and no other sender has taken it since: none is running.",
        "Start CTS, or python -m cts send. The e-mail is sent again by itself.",
        _stuck_emails,
    ),
    Check(
        "failed_emails",
        About.EMAILS,
        "No e-mail was given up",
        f"An e-mail of the last {FAILED_DAYS} days could not be delivered: somebody does not know what was decided or asked.",
        "The E-mail log says why. Correct the address and press Try again there, or tell the person by telephone.",
        _failed_emails,
    ),
    Check(
        "mail_server",
        About.EMAILS,
        "E-mails leave within two hours",
        "The oldest e-mail owed has waited too long: the mail server is not reached, or nothing sends.",
        "The E-mail log shows the last error. Mend the mail server or the settings CTS_SMTP_…; what is owed is then sent by itself.",
        _mail_server,
    ),
)

"""`python -m cts account invite|add|password|link|unlock|lost-phone|end`: who may sign in.

`end` says who has the open work of the person then; with `--dry-run` it changes nothing.
`invite` sends a link by e-mail. `add` and `password` make a passphrase and print it once: for a server that sends no e-mail yet.
"""

import argparse
import secrets
import sys
from datetime import UTC, datetime

from cts.domain.vocabulary import Role
from cts.services import account_keeping, accounts
from cts.services.actor import SYSTEM
from cts.services.leaving import leaving
from cts.services.refusals import Refusal
from cts.settings import settings
from db.migrate import migrate
from db.session import close_database, open_database

_PURPOSES = {
    "password": "a new temporary passphrase, that is printed",
    "link": "send a link by e-mail with which its owner chooses a passphrase",
    "unlock": "forget wrong guesses, so that its owner may try again at once",
    "lost-phone": "take a lost second factor away, and the passphrase with it; a link for a new one is sent",
}
_KEPT = {
    "link": (account_keeping.send_link, "The e-mail with the link is owed to"),
    "unlock": (account_keeping.unlock, "Unlocked:"),
    "lost-phone": (
        account_keeping.take_factor_away,
        "Second factor and passphrase are gone; the e-mail with the link for a new passphrase is owed to",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    chosen = parser.add_subparsers(dest="verb", required=True)
    _add_person(
        chosen.add_parser("invite", help="a new account; its owner gets a link by e-mail to choose a passphrase")
    )
    _add_person(chosen.add_parser("add", help="a new account, with a temporary passphrase that is printed"))
    for verb, purpose in _PURPOSES.items():
        chosen.add_parser(verb, help=purpose).add_argument("user_name")
    end = chosen.add_parser("end", help="end the account and its sessions now; open work goes where it can be done")
    end.add_argument("user_name")
    end.add_argument("--dry-run", action="store_true", help="say who would have the open work then, and change nothing")


def _add_person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user_name")
    parser.add_argument("--name", required=True, help="as it is to be shown, for example 'Ana Lopez'")
    parser.add_argument("--role", required=True, choices=[role.value for role in Role])
    parser.add_argument("--email", required=True)
    parser.add_argument("--phone", default="")
    parser.add_argument("--staff-id", help="the person's CWS/CMS staff id, 3 characters, case matters")
    parser.add_argument("--office", dest="office_code", help="code of the office")
    parser.add_argument("--unit", default="")
    parser.add_argument("--agency", dest="agency_id", type=int, help="number of the agency")


def run(args: argparse.Namespace) -> int:
    """Do it; returns the exit status."""
    opened = settings()
    opened.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(open_database(opened.database_url))
    try:
        print(done(args, datetime.now(UTC)))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        close_database()
    return 0


def done(args: argparse.Namespace, now: datetime) -> str:
    """Do it on the database that is open; returns what is printed. Raises the refusals of the services."""
    if args.verb == "end":
        return _ended(args, now)
    if args.verb == "invite":
        accounts.invite(SYSTEM, _person(args), args.user_name, now)
        return f"{args.user_name} is invited: the e-mail with the link is sent within a minute by the server, or by: python -m cts send"
    if args.verb in _KEPT:
        keep, done = _KEPT[args.verb]
        keep(SYSTEM, accounts.person_named(args.user_name), now)
        return f"{done} {args.user_name}."
    password = secrets.token_urlsafe(15)
    if args.verb == "password":
        accounts.set_password(SYSTEM, args.user_name, password, now)
    else:
        accounts.create_account(SYSTEM, _person(args), args.user_name, password, now)
    return f"Temporary passphrase of {args.user_name}, shown only now: {password}"


def _ended(args: argparse.Namespace, now: datetime) -> str:
    """The end of an account with its preview: who has the open work then, without a youth's name."""
    person_id = accounts.person_named(args.user_name)
    preview = leaving(SYSTEM, person_id, now)
    lines = [f"  {share.sentence}" for share in preview.shares] or ["  none"]
    if args.dry_run:
        return "\n".join([f"Nothing was changed. Open work of {args.user_name}, and where it would go:", *lines])
    account_keeping.end_account_of(SYSTEM, person_id, now, seen=preview.seen)
    ended = f"{args.user_name} is signed out everywhere and cannot sign in again."
    return "\n".join([ended, "Open work, and where it went:", *lines])


def _person(args: argparse.Namespace) -> accounts.NewPerson:
    return accounts.NewPerson(
        name=args.name,
        role=Role(args.role),
        email=args.email,
        phone=args.phone,
        staff_id=args.staff_id,
        office_code=args.office_code,
        unit=args.unit,
        agency_id=args.agency_id,
    )

"""`python -m cts account add|password|end`: who may sign in. A password is made here and printed once."""

import argparse
import secrets
import sys
from datetime import UTC, datetime

from cts.domain.vocabulary import Role
from cts.services import accounts
from cts.services.actor import SYSTEM
from cts.services.refusals import Refusal
from cts.settings import settings
from db.migrate import migrate
from db.session import close_database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    chosen = parser.add_subparsers(dest="verb", required=True)
    add = chosen.add_parser("add", help="a new account, with a temporary password")
    add.add_argument("user_name")
    add.add_argument("--name", required=True, help="as it is to be shown, for example 'Ana Lopez'")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--email", required=True)
    add.add_argument("--phone", default="")
    add.add_argument("--staff-id", help="the person's CWS/CMS staff id, 3 characters, case matters")
    add.add_argument("--office", dest="office_code", help="code of the office")
    add.add_argument("--unit", default="")
    add.add_argument("--agency", dest="agency_id", type=int, help="number of the agency")
    for verb, purpose in (("password", "a new temporary password"), ("end", "end the account and its sessions now")):
        chosen.add_parser(verb, help=purpose).add_argument("user_name")


def run(args: argparse.Namespace) -> int:
    """Do it; returns the exit status."""
    opened = settings()
    opened.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(open_database(opened.database_url))
    try:
        print(_done(args, datetime.now(UTC)))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        close_database()
    return 0


def _done(args: argparse.Namespace, now: datetime) -> str:
    if args.verb == "end":
        accounts.end_account(SYSTEM, args.user_name, now)
        return f"{args.user_name} is signed out everywhere and cannot sign in again."
    password = secrets.token_urlsafe(15)
    if args.verb == "password":
        accounts.set_password(SYSTEM, args.user_name, password, now)
    else:
        person = accounts.NewPerson(
            name=args.name,
            role=Role(args.role),
            email=args.email,
            phone=args.phone,
            staff_id=args.staff_id,
            office_code=args.office_code,
            unit=args.unit,
            agency_id=args.agency_id,
        )
        accounts.create_account(SYSTEM, person, args.user_name, password, now)
    return f"Temporary password of {args.user_name}, shown only now: {password}"

"""`python -m cts docs`: write the documents that are made from the code, or say which of them is out of step with it."""

import argparse
import sys
from pathlib import Path

from cts.commands.docs_drawing import drawing
from cts.commands.docs_emails import emails_page
from cts.commands.docs_settings import settings_page
from cts.commands.docs_sign_ins import with_sign_ins
from cts.commands.docs_tables import tables_page
from cts.commands.docs_workflow import picture_name, workflow_page
from cts.domain.vocabulary import Document
from cts.settings import PROJECT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--check", action="store_true", help="write nothing; say what is out of step with the code")


def run(args: argparse.Namespace) -> int:
    """Write or check; returns the exit status."""
    changed = [name for name, text in documents().items() if _differs(PROJECT / name, text)]
    if args.check:
        for name in changed:
            print(f"{name} is out of step with the code: run make docs.", file=sys.stderr)
        return 1 if changed else 0
    for name in changed:
        (PROJECT / name).write_text(documents()[name], encoding="utf-8")
        print(f"{name} written.")
    return 0


def documents() -> dict[str, str]:
    """Every document that is made from the code: its path from the project folder, and its text."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    return {
        "docs/workflow.md": workflow_page(),
        **{f"docs/{picture_name(document)}": drawing(document) for document in Document},
        "docs/settings.md": settings_page(),
        "docs/emails.md": emails_page(),
        "docs/tables.md": tables_page(),
        "README.md": with_sign_ins(readme),
    }


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text

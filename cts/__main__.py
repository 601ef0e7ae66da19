"""`python -m cts COMMAND`: everything done from the command line. Only the module of the chosen command is imported."""

import argparse
import importlib
import sys

COMMANDS = {
    "serve": ("cts.commands.serve", "start the web server"),
    "load-extract": ("cts.commands.load_extract", "load a CWS/CMS extract"),
    "account": ("cts.commands.account", "invite somebody, add an account, give it a new passphrase, end it"),
    "send": ("cts.commands.send", "send the e-mails that are owed, once"),
    "remind": ("cts.commands.remind", "owe today's reminders of what waits, once a person"),
    "verify-audit": ("cts.commands.verify_audit", "check that the access log is as it was written"),
    "migrate": ("cts.commands.migrate", "bring the database's tables up to date"),
    "backup": ("cts.commands.backup", "write everything into one encrypted file, while the server runs"),
    "restore": ("cts.commands.restore", "put a backup into the database"),
    "rotate-keys": ("cts.commands.rotate_keys", "seal everything with the first of CTS_DATA_KEYS"),
    "docs": ("cts.commands.docs", "write the documents that are made from the code"),
}


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status. A command module has add_arguments(parser) and run(args) -> int."""
    parser = argparse.ArgumentParser(prog="python -m cts", description="CSEC Tracking System")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, purpose) in COMMANDS.items():
        command = chosen.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if arguments[:1] == [name]:
            importlib.import_module(module).add_arguments(command)
    args = parser.parse_args(arguments)
    return int(importlib.import_module(COMMANDS[args.command][0]).run(args))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

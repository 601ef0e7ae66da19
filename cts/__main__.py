"""`python -m cts COMMAND`: everything done from the command line. Only the module of the chosen command is imported."""

import argparse
import importlib
import os
import select
import sys

COMMANDS = {
    "serve": ("cts.commands.serve", "start the web server"),
    "load-extract": ("cts.commands.load_extract", "load a CWS/CMS extract"),
    "account": ("cts.commands.account", "invite somebody, add an account, give it a new passphrase, end it"),
    "send": ("cts.commands.send", "send the e-mails that are owed, once"),
    "remind": ("cts.commands.remind", "owe today's reminders of what waits, once a person"),
    "verify-audit": ("cts.commands.verify_audit", "check that the access log is as it was written"),
    "doctor": ("cts.commands.doctor", "check everything and say what is wrong and how to mend it"),
    "demo": ("cts.commands.demo", "add years of believable history to the demonstration"),
    "migrate": ("cts.commands.migrate", "bring the database's tables up to date"),
    "backup": ("cts.commands.backup", "write everything into one encrypted file, while the server runs"),
    "restore": ("cts.commands.restore", "put a backup into the database"),
    "rotate-keys": ("cts.commands.rotate_keys", "seal everything with the first of CTS_DATA_KEYS"),
    "purge": ("cts.commands.purge", "list what is due to be purged, keep certificates, purge a restored backup again"),
    "docs": ("cts.commands.docs", "write the documents that are made from the code"),
}


NOBODY_READS = 141
"""The exit status of a program that writes to nobody, as shells know it: 128 and the number of SIGPIPE."""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status. A command module has add_arguments(parser) and run(args) -> int."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        return NOBODY_READS


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m cts", description="CSEC Tracking System")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, purpose) in COMMANDS.items():
        command = chosen.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if arguments[:1] == [name]:
            importlib.import_module(module).add_arguments(command)
    args = parser.parse_args(arguments)
    return int(importlib.import_module(COMMANDS[args.command][0]).run(args))


def _nobody_reads() -> bool:
    """Whether it was our own output that broke off ("| head"); then what is still to be said goes nowhere."""
    left = [stream.fileno() for stream in (sys.stdout, sys.stderr) if _is_left(stream.fileno())]
    for number in left:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    return bool(left)


def _is_left(number: int) -> bool:
    """Whether the other end of this pipe is closed."""
    asked = select.poll()
    asked.register(number, 0)
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in asked.poll(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

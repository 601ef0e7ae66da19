"""Run Away Status / Misc Updates: the present status, then every update, newest first."""

from cts.services.actor import Actor


def show_updates(actor: Actor, number: int) -> None:
    """Run Away Status / Misc Updates: the present status, then every update, newest first."""

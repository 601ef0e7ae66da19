"""Advocate Activity of one youth: the month, the weekly contacts, the entries."""

from cts.services.actor import Actor


def show_activity(actor: Actor, number: int, arrived: bool) -> None:
    """Advocate Activity of one youth: the month, the weekly contacts, the entries."""

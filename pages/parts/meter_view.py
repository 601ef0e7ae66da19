"""The twelve-month meter of a service."""

from cts.services.actor import Actor


def show_meter(actor: Actor, number: int) -> None:
    """The twelve-month meter of a service."""

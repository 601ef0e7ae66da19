"""The ledger of Restoration Funds on screen."""

from cts.services.actor import Actor


def show_ledger(actor: Actor, number: int) -> None:
    """Projected, approved, spent and reimbursed of assignment `number`, with what does not fit."""

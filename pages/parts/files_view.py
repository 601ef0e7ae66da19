"""The Documents tab of a client record."""

from cts.services.actor import Actor


def show_files(actor: Actor, number: int) -> None:
    """The files of assignment `number`: what there is, what was removed, and an uploader for those who may add."""

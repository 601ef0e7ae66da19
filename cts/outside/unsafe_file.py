"""The refusal of an uploaded file."""


class UnsafeFile(Exception):
    """The file is not kept. `str()` is the sentence shown: what it is, and what to do instead."""

"""The commands of `python -m cts`, one module each."""

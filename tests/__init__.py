"""The tests of CTS. Real parts only: see tests/parts."""

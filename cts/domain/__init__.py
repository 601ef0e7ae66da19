"""The rules of CTS: pure Python, no clock, no database, no screen."""

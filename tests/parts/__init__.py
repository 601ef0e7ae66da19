"""The real parts that tests stand on: PostgreSQL, an SMTP server, CTS itself, Chromium. tests/conftest.py names them."""

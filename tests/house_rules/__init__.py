"""Rules of how CTS is built, held by reading its source."""

"""The world outside CTS, each part behind a plain function."""

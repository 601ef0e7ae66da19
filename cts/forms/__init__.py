"""One field list per form; screen, check, read-only view, PDF and what-changed view read it."""

"""Background work, claimed in the database so that any number of servers may run it."""

"""Tables, connection, migrations and the demonstration data."""

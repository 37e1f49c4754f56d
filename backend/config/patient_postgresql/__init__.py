"""Django's PostgreSQL, but a new connection waits for a database that comes back in a moment."""

"""Loaded by Django, which looks for `DatabaseWrapper` in a module of this name."""

import time

from django.db.backends.postgresql import base

# Replacing the database's container, or restarting Docker with its name service, takes less.
PATIENCE_SECONDS = 6
PAUSE_SECONDS = 0.1

# What libpq and the server say while one of them is on its way; not that they refuse.
PASSING = (
    "could not translate host name",
    "Connection refused",
    "No route to host",
    "timeout expired",
    "server closed the connection unexpectedly",
    "the database system is starting up",
    "the database system is shutting down",
    "terminating connection due to administrator command",
)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return super().get_new_connection(conn_params)
            except self.Database.OperationalError as error:
                passing = any(words in str(error) for words in PASSING)
                if not passing or time.monotonic() > end:
                    raise
            time.sleep(PAUSE_SECONDS)

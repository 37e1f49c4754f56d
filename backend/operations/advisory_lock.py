"""A lock between containers, held in PostgreSQL: it ends with the session that took it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

RELEASE_LOCK = 7_243_015_198_422_306_001
POLL_SECONDS = 0.5


class LockTimeout(Exception):
    """Someone else kept the lock for too long."""


@contextmanager
def advisory_lock(timeout: float, key: int = RELEASE_LOCK) -> Iterator[None]:
    """Hold the lock on a connection of its own, so that no command run inside can lose it.

    Polling rather than a blocking call: a blocked statement keeps a snapshot open,
    and CREATE INDEX CONCURRENTLY by the holder would wait for it for ever.
    """
    session = connection.copy()
    try:
        with session.cursor() as cursor:
            _take(cursor, key, time.monotonic() + timeout, timeout)
            yield
    finally:
        session.close()


def _take(cursor, key: int, deadline: float, timeout: float) -> None:
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if cursor.fetchone()[0]:
            return
        if time.monotonic() >= deadline:
            raise LockTimeout(f"another release kept the lock for more than {timeout:g} seconds")
        time.sleep(POLL_SECONDS)

"""The schedule kept in the database, run by one beat only, each run under an id of its own."""

import logging
import os
import signal
import time
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import connection
from django_celery_beat.schedulers import DatabaseScheduler

from seculite_api.alive import say_alive

BEAT_LOCK = 5_301_776_482_091_337_002
POLL_SECONDS = 1
logger = logging.getLogger(__name__)


class OnlyBeat(DatabaseScheduler):
    """django_celery_beat's scheduler, while it holds a lock in PostgreSQL.

    A second beat, started by hand or on another machine, waits until the first has gone. PostgreSQL
    frees the lock with the connection of whoever held it, however it ended.
    """

    def setup_schedule(self):
        self._lock = connection.copy()
        self._take_lock()
        super().setup_schedule()

    def tick(self, *args, **kwargs):
        self._still_holds_lock()
        say_alive()
        return super().tick(*args, **kwargs)

    def reserve(self, entry):
        """A run that is sent twice has the same id, and scans.tasks takes it once."""
        reserved = super().reserve(entry)
        reserved.options = {**reserved.options, "task_id": run_id(entry.name, datetime.now(UTC))}
        return reserved

    def close(self):
        super().close()
        self._lock.close()

    def _take_lock(self):
        # Celery's own handler asks for the schedule, which is what is waited for here.
        usual = signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        with self._lock.cursor() as cursor:
            if not has_lock(cursor):
                logger.warning("Another beat is at work. This one waits until it has gone.")
                while not has_lock(cursor):
                    time.sleep(POLL_SECONDS)
        signal.signal(signal.SIGTERM, usual)
        logger.info("This is the only beat.")

    def _still_holds_lock(self):
        try:
            with self._lock.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception:
            # Started again by the engine, it queues for the lock like any other.
            logger.exception("The lock is lost with its connection. This beat ends.")
            os._exit(1)


def has_lock(cursor) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [BEAT_LOCK])
    return cursor.fetchone()[0]


def run_id(schedule: str, moment: datetime) -> str:
    """A schedule's finest step is a minute."""
    return str(uuid5(NAMESPACE_URL, f"{schedule} {moment:%Y-%m-%dT%H:%M}"))

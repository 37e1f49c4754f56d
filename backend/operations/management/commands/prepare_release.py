"""Brings the database and the static files to this release, one container at a time.

The administrator is made in the same process, as starting another takes longer than the work.
"""

from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from operations import static_files
from operations.advisory_lock import LockTimeout, advisory_lock


class Command(BaseCommand):
    help = "Migrate and collect static files under a lock shared by all containers."

    def add_arguments(self, parser):
        parser.add_argument(
            "--lock-timeout", type=float, default=300, help="seconds to wait for another release"
        )
        parser.add_argument("--administrator", help="then makes this account, as ensure_admin does")
        parser.add_argument("--password-file", help="a file holding the administrator's password")

    def handle(self, *args, lock_timeout, administrator, password_file, verbosity, **options):
        self._prepare(lock_timeout, verbosity)
        if administrator:
            call_command("ensure_admin", username=administrator, password_file=password_file)

    def _prepare(self, lock_timeout, verbosity):
        try:
            with advisory_lock(lock_timeout):
                with impatient(settings.MIGRATION_LOCK_TIMEOUT_SECONDS):
                    call_command("migrate", interactive=False, verbosity=verbosity)
                call_command("clearsessions")
                if not static_files.collect(verbosity=min(verbosity, 1)):
                    self.stdout.write("The static files are there already.")
        except LockTimeout as error:
            raise CommandError(
                f"Not migrated: {error}. See whether another container still migrates."
            ) from None
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(
                "Not migrated: a table was in use for more than "
                f"{settings.MIGRATION_LOCK_TIMEOUT_SECONDS} s, and waiting longer would have held "
                "up everybody. The step that waited was undone. Try again when less is going on, "
                "or set MIGRATION_LOCK_TIMEOUT_SECONDS higher."
            ) from None


@contextmanager
def impatient(seconds: int):
    """Let no statement wait long for a table: all who come after it would wait behind it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")

"""Brings database, static files, schedule and first account to this release; may run again."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from scans import static_files
from scans.schedule import ensure_schedule

RELEASE_LOCK = 5_301_776_482_091_337_001
LOCK_TIMEOUT = "5s"


class Command(BaseCommand):
    help = "Migrate, collect static files, add missing schedules, make the first account."

    def add_arguments(self, parser):
        parser.add_argument("--crontab", default="0 3 * * *", help="when the scans below run, UTC")
        parser.add_argument("--scan", action="append", default=[], help="an address to scan then")
        parser.add_argument("--administrator", help="name of the first account")
        parser.add_argument("--password-file", type=Path, help="a file holding its password")

    def handle(self, *args, crontab, scan, administrator, password_file, verbosity, **options):
        session = connection.copy()
        try:
            with session.cursor() as cursor:
                # One release at a time; freed with the connection.
                cursor.execute("SELECT pg_advisory_lock(%s)", [RELEASE_LOCK])
                self._migrate(verbosity)
        finally:
            session.close()
        static_files.collect(verbosity=min(verbosity, 1))
        call_command("clearsessions")
        try:
            ensure_schedule(crontab, scan)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if administrator and password_file:
            self._ensure_administrator(administrator, password_file.read_text().strip())

    def _migrate(self, verbosity):
        with connection.cursor() as cursor:
            # A statement that waits long for a table holds up everybody who comes after it.
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        call_command("migrate", interactive=False, verbosity=verbosity)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")

    def _ensure_administrator(self, name: str, password: str):
        """The deployment's password holds until somebody has signed in with it."""
        users = get_user_model()
        user, created = users.objects.get_or_create(
            username=name, defaults={"is_staff": True, "is_superuser": True}
        )
        if created or (user.last_login is None and not user.check_password(password)):
            user.set_password(password)
            user.save()
            self.stdout.write(f"Account {name} has the deployment's password.")

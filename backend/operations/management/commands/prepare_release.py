"""Brings the database and the static files to this release, one container at a time."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from operations.advisory_lock import LockTimeout, advisory_lock


class Command(BaseCommand):
    help = "Migrate and collect static files under a lock shared by all containers."

    def add_arguments(self, parser):
        parser.add_argument(
            "--lock-timeout", type=float, default=300, help="seconds to wait for another release"
        )

    def handle(self, *args, lock_timeout, verbosity, **options):
        try:
            with advisory_lock(lock_timeout):
                call_command("migrate", interactive=False, verbosity=verbosity)
                call_command("collectstatic", interactive=False, verbosity=min(verbosity, 1))
        except LockTimeout as error:
            raise CommandError(
                f"Not migrated: {error}. See whether another container still migrates."
            ) from None

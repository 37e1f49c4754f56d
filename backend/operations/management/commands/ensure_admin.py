"""Creates the first administrator; safe to run at every release."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction


class Command(BaseCommand):
    help = "Create a superuser unless the name is taken. An existing user is never changed."

    def add_arguments(self, parser):
        parser.add_argument("--username", required=True)
        parser.add_argument("--password-file", required=True, help="a file holding the password")

    def handle(self, *args, username, password_file, **options):
        users = get_user_model().objects
        if users.filter(username=username).exists():
            self.stdout.write(f"User {username} exists already and stays as it is.")
            return
        password = self._password(password_file)
        user = get_user_model()(username=username)
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(f"{username} not created: {' '.join(error.messages)}") from None
        try:
            with transaction.atomic():
                users.create_superuser(username=username, password=password)
        except IntegrityError:  # another container was faster
            self.stdout.write(f"User {username} exists already and stays as it is.")
            return
        self.stdout.write(f"Administrator {username} created.")

    @staticmethod
    def _password(path: str) -> str:
        try:
            password = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The password file {path} cannot be read: {error}") from None
        if not password:
            raise CommandError(f"The password file {path} is empty.")
        return password

"""Creates the first administrator; safe to run at every release.

The deployment's password is good as long as nobody has chosen another. A stack that is taken away
and made again on the same data has generated a new one, so the account follows it; a password its
owner chose is never touched.
"""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from accounts.first_password import has_first_password, hash_first_password


class Command(BaseCommand):
    help = "Create a superuser, or renew its first password. One its owner chose is never changed."

    def add_arguments(self, parser):
        parser.add_argument("--username", required=True)
        parser.add_argument("--password-file", required=True, help="a file holding the password")

    def handle(self, *args, username, password_file, **options):
        users = get_user_model()
        password = self._password(password_file)
        user = users.objects.filter(username=username).first()
        if user is None:
            user = users(username=username, is_staff=True, is_superuser=True)
            self._check(user, password)
            done = "created"
        elif not has_first_password(user):
            self.stdout.write(f"User {username} exists already and stays as it is.")
            return
        elif check_password(password, user.password):
            self.stdout.write(f"Administrator {username} still has the first password.")
            return
        else:
            self._check(user, password)
            done = "has a new first password"
        user.password = hash_first_password(password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:  # another container was faster
            self.stdout.write(f"User {username} exists already and stays as it is.")
            return
        self.stdout.write(f"Administrator {username} {done}.")

    @staticmethod
    def _check(user, password: str) -> None:
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(f"{user.username}: {' '.join(error.messages)}") from None

    @staticmethod
    def _password(path: str) -> str:
        try:
            password = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The password file {path} cannot be read: {error}") from None
        if not password:
            raise CommandError(f"The password file {path} is empty.")
        return password

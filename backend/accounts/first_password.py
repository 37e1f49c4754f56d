"""The password a deployment gives the first administrator: good for choosing one's own, no more."""

from django.contrib.auth.hashers import identify_hasher, make_password
from django.utils.crypto import get_random_string

# A salt that begins so tells a password of ours from one its owner chose, whose salt is all random.
MARK = "first"

CHOOSE_FIRST = (
    "This account still has its first password. Choose your own with "
    "POST /api/auth/password/ {username, password, new_password}, then sign in with that."
)


def hash_first_password(password: str) -> str:
    return make_password(password, salt=MARK + get_random_string(22))


def has_first_password(user) -> bool:
    """Whether the account still has a password a deployment gave it."""
    if not user.has_usable_password():
        return False
    return identify_hasher(user.password).decode(user.password)["salt"].startswith(MARK)

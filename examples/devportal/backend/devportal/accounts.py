"""People's accounts: signing up, signing in, and the tokens that follow."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from devportal.models import Account
from devportal.settings import Settings

# OWASP's choice where memory is dear: 19 MiB for each attempt.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# So that a name nobody has takes as long as one somebody has.
_nobody = hasher.hash("nobody's")


class EmailTaken(Exception):
    """There is an account with this address already."""


def sign_up(session: Session, email: str, password: str) -> Account:
    account = Account(email=email.lower(), password_hash=hasher.hash(password))
    session.add(account)
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise EmailTaken from error
    return account


def authenticate(session: Session, email: str, password: str) -> Account | None:
    account = session.scalar(select(Account).where(Account.email == email.lower()))
    try:
        hasher.verify(account.password_hash if account else _nobody, password)
    except VerificationError:
        return None
    return None if account is None or account.blocked_at else account


def choose_password(session: Session, account: Account, password: str) -> None:
    account.password_hash = hasher.hash(password)
    account.first_password = False
    session.commit()


def make_token(settings: Settings, account: Account) -> str:
    expires = datetime.now(UTC) + timedelta(minutes=settings.jwt_expire_minutes)
    claims = {"sub": str(account.id), "exp": expires}
    return jwt.encode(claims, settings.jwt_secret_key, settings.jwt_algorithm)


def account_of(settings: Settings, session: Session, token: str) -> Account | None:
    """Whose token it is. One that was signed with an earlier key holds until it expires."""
    for key in (settings.jwt_secret_key, *settings.jwt_secret_key_fallbacks):
        try:
            claims = jwt.decode(token, key, [settings.jwt_algorithm], options={"require": ["exp", "sub"]})
            account_id = UUID(claims["sub"])
        except (jwt.InvalidTokenError, ValueError):
            continue
        account = session.get(Account, account_id)
        return None if account is None or account.blocked_at else account
    return None

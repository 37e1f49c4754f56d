"""Browsers' sessions in Redis: signing out ends one at once, and another password or a block ends all of an account."""

import secrets
from hashlib import sha256
from uuid import UUID

from redis import Redis
from sqlalchemy.orm import Session

from devportal.models import Account

COOKIE = "session"


def start_session(redis: Redis, account: Account, seconds: int) -> str:
    """The cookie's value. Redis knows only a digest of it, so nobody can take one over who reads Redis."""
    token = secrets.token_urlsafe(32)
    redis.set(_name(token), f"{account.id} {_mark(account)}", ex=seconds)
    return token


def account_of(redis: Redis, session: Session, token: str) -> Account | None:
    kept = redis.get(_name(token))
    if not kept:
        return None
    account_id, mark = kept.split()
    account = session.get(Account, UUID(account_id))
    if account is None or account.blocked_at or mark != _mark(account):
        return None
    return account


def end_session(redis: Redis, token: str) -> None:
    redis.delete(_name(token))


def _name(token: str) -> str:
    return f"session:{sha256(token.encode()).hexdigest()}"


def _mark(account: Account) -> str:
    """Changes with the password."""
    return sha256(account.password_hash.encode()).hexdigest()[:16]

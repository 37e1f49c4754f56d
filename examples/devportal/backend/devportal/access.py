"""What requests come with: the settings, the stores, and who is asking."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer
from redis import Redis
from sqlalchemy.orm import Session

from devportal import accounts, quotas
from devportal.key_cache import KnownKey, known_key
from devportal.models import Account
from devportal.settings import Settings


def get_settings(request: Request) -> Settings:
    return request.app.state.settings


def get_redis(request: Request) -> Redis:
    return request.app.state.redis


def get_session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.database, expire_on_commit=False) as session:
        yield session


SettingsNow = Annotated[Settings, Depends(get_settings)]
RedisNow = Annotated[Redis, Depends(get_redis)]
SessionNow = Annotated[Session, Depends(get_session)]

bearer = OAuth2PasswordBearer(tokenUrl="/api/token", auto_error=False)
api_key = APIKeyHeader(name="X-API-Key", auto_error=False)


def signed_in(settings: SettingsNow, session: SessionNow, token: Annotated[str | None, Depends(bearer)]) -> Account:
    account = accounts.account_of(settings, session, token) if token else None
    if account is None:
        raise HTTPException(401, "Sign in first.", {"WWW-Authenticate": "Bearer"})
    return account


def metered_key(
    response: Response,
    settings: SettingsNow,
    session: SessionNow,
    redis: RedisNow,
    text: Annotated[str | None, Depends(api_key)],
) -> KnownKey:
    """A valid key that has requests left; this one is counted."""
    key = known_key(settings, session, redis, text) if text else None
    if key is None:
        raise HTTPException(401, "Send a valid key as X-API-Key.")
    quota = quotas.take(redis, key)
    if quota.exceeded:
        raise HTTPException(429, "The key's quota for today is used up.", quota.headers)
    response.headers.update(quota.headers)
    return key


SignedIn = Annotated[Account, Depends(signed_in)]
MeteredKey = Annotated[KnownKey, Depends(metered_key)]

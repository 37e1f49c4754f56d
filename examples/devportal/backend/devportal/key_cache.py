"""Redis caches what a request needs to know of its key, so that the database is not asked at each request."""

from dataclasses import dataclass
from uuid import UUID

from redis import Redis
from sqlalchemy.orm import Session

from devportal import keys
from devportal.models import ApiKey
from devportal.settings import Settings

SECONDS = 60
REFUSED = "refused"


@dataclass(frozen=True)
class KnownKey:
    id: UUID
    account_id: UUID
    quota_per_day: int


def known_key(settings: Settings, session: Session, redis: Redis, text: str) -> KnownKey | None:
    name = _name(keys.digest(settings.secret_key, text))
    cached = redis.get(name)
    if cached:
        return _read(cached)
    key = keys.find_key(settings, session, text)
    if key is None:
        return None
    # Only if nothing is there: a change that happened since the database answered must not be undone.
    redis.set(name, _written(key), ex=SECONDS, nx=True)
    return KnownKey(key.id, key.account_id, key.quota_per_day)


def refuse(redis: Redis, changed: list[ApiKey]) -> None:
    """Before keys stop being valid: from now on no cached one is accepted."""
    for key in changed:
        redis.set(_name(key.digest), REFUSED, ex=SECONDS)


def revoke(redis: Redis, session: Session, key: ApiKey) -> None:
    """From now on nobody uses it. Revoking it again changes nothing."""
    refuse(redis, [key])
    keys.revoke_key(session, key)


def renew(redis: Redis, key: ApiKey) -> None:
    """After a key has another quota."""
    redis.set(_name(key.digest), _written(key), ex=SECONDS)


def forget(redis: Redis, changed: list[ApiKey]) -> None:
    """After keys are accepted again."""
    for key in changed:
        redis.delete(_name(key.digest))


def _name(digest: str) -> str:
    return f"key:{digest}"


def _written(key: ApiKey) -> str:
    return f"{key.id} {key.account_id} {key.quota_per_day}"


def _read(cached: str) -> KnownKey | None:
    if cached == REFUSED:
        return None
    key_id, account_id, quota = cached.split()
    return KnownKey(UUID(key_id), UUID(account_id), int(quota))

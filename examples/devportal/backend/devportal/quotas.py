"""How much each key may still use today. Redis counts, in one step, so that no two requests take the same last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from redis import Redis

# KEYS: counter. ARGV: limit, when it may be forgotten. Gives what is used, and whether this one still fits.
TAKE = """
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used >= tonumber(ARGV[1]) then return {used, 0} end
used = redis.call('INCR', KEYS[1])
redis.call('EXPIREAT', KEYS[1], ARGV[2])
return {used, 1}
"""


class Metered(Protocol):
    """A key, from the database or from the cache."""

    @property
    def id(self) -> UUID: ...
    @property
    def quota_per_day(self) -> int: ...


@dataclass(frozen=True)
class Quota:
    limit: int
    used: int
    resets_at: datetime
    exceeded: bool = False

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def headers(self) -> dict[str, str]:
        seconds = max(1, int((self.resets_at - datetime.now(UTC)).total_seconds()))
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(seconds),
        }
        return told | ({"Retry-After": str(seconds)} if self.exceeded else {})


def take(redis: Redis, key: Metered) -> Quota:
    """Count one request."""
    counter, midnight = _today(key)
    forget = int((midnight + timedelta(hours=1)).timestamp())
    used, fits = redis.eval(TAKE, 1, counter, key.quota_per_day, forget)
    return Quota(key.quota_per_day, used, midnight, exceeded=not fits)


def look(redis: Redis, keys: Sequence[Metered]) -> list[Quota]:
    """Where the keys stand, without counting."""
    if not keys:
        return []
    today = [_today(key) for key in keys]
    counts = redis.mget([counter for counter, _ in today])
    return [
        Quota(key.quota_per_day, int(count or 0), midnight)
        for key, count, (_, midnight) in zip(keys, counts, today, strict=True)
    ]


def _today(key: Metered) -> tuple[str, datetime]:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return f"quota:{key.id}:{now:%Y-%m-%d}", midnight

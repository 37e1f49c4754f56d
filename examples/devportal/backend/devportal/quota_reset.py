"""Each month begins with the same quota for all: what an administrator raised or lowered ends with it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from devportal import key_cache
from devportal.models import Account, ApiKey
from devportal.settings import Settings
from devportal.stores import open_database, open_redis


def reset_quotas(settings: Settings) -> int:
    """How many keys had another quota. It applies to the next request, and doing it again changes nothing."""
    redis = open_redis(settings)
    with Session(open_database(settings), expire_on_commit=False) as session:
        others = select(ApiKey).where(ApiKey.quota_per_day != settings.quota_per_day, ApiKey.revoked_at.is_(None))
        # Locked in one order, so that a request of an administrator waits instead of a deadlock.
        changed = list(session.scalars(others.order_by(ApiKey.id).with_for_update()))
        for key in changed:
            key.quota_per_day = settings.quota_per_day
        session.commit()
        blocked = set(session.scalars(select(Account.id).where(Account.blocked_at.is_not(None))))
        for key in changed:
            # The cache refuses the keys of a blocked account.
            if key.account_id not in blocked:
                key_cache.renew(redis, key)
    return len(changed)

"""Keys for the API. Only a digest of each is kept, so nobody can read one out of the database."""

import hmac
import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from devportal.models import Account, ApiKey
from devportal.settings import Settings


def digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()


def make_key(settings: Settings, session: Session, account: Account, name: str) -> tuple[ApiKey, str]:
    """The new key as it is kept, and as its owner gets to see it this once."""
    text = f"dp_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        account_id=account.id,
        name=name,
        start=text[:10],
        digest=digest(settings.secret_key, text),
        quota_per_day=settings.quota_per_day,
    )
    session.add(key)
    session.commit()
    return key, text


def find_key(settings: Settings, session: Session, text: str) -> ApiKey | None:
    """The key, unless it was revoked or its account is blocked.

    After SECRET_KEY was changed, a key gets its new digest when it is used.
    """
    now = digest(settings.secret_key, text)
    before = [digest(secret, text) for secret in settings.secret_key_fallbacks]
    found = select(ApiKey).where(ApiKey.digest.in_([now, *before]), ApiKey.revoked_at.is_(None))
    key = session.scalar(found.join(Account).where(Account.blocked_at.is_(None)))
    if key and key.digest != now:
        key.digest = now
        session.commit()
    return key


def keys_of(session: Session, account: Account) -> list[ApiKey]:
    newest_first = ApiKey.created_at.desc()
    found = select(ApiKey).where(ApiKey.account_id == account.id).order_by(newest_first)
    return list(session.scalars(found))


def key_of(session: Session, account: Account, key_id: UUID) -> ApiKey | None:
    """The key, if the account has it."""
    key = session.get(ApiKey, key_id)
    return key if key and key.account_id == account.id else None


def revoke_key(session: Session, key: ApiKey) -> None:
    """Revoking it again changes nothing."""
    key.revoked_at = key.revoked_at or datetime.now(UTC)
    session.commit()

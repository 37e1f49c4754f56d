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
    """The key, unless it was revoked. After SECRET_KEY was changed, a key gets its new digest when it is used."""
    now = digest(settings.secret_key, text)
    before = [digest(secret, text) for secret in settings.secret_key_fallbacks]
    found = select(ApiKey).where(ApiKey.digest.in_([now, *before]), ApiKey.revoked_at.is_(None))
    key = session.scalar(found)
    if key and key.digest != now:
        key.digest = now
        session.commit()
    return key


def keys_of(session: Session, account: Account) -> list[ApiKey]:
    newest_first = ApiKey.created_at.desc()
    found = select(ApiKey).where(ApiKey.account_id == account.id).order_by(newest_first)
    return list(session.scalars(found))


def revoke_key(session: Session, account: Account, key_id: UUID) -> bool:
    """Whether the account has such a key. Revoking it again changes nothing."""
    key = session.get(ApiKey, key_id)
    if key is None or key.account_id != account.id:
        return False
    key.revoked_at = key.revoked_at or datetime.now(UTC)
    session.commit()
    return True

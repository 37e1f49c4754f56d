"""The API behind the portal: accounts, tokens and keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr, Field

from devportal import accounts, key_cache, keys, quotas
from devportal.access import RedisNow, SessionNow, SettingsNow, SignedIn
from devportal.models import ApiKey
from devportal.quotas import Quota

router = APIRouter(prefix="/api", tags=["Accounts and keys"])

EmailAddress = Annotated[EmailStr, Field(max_length=254)]
NewPassword = Annotated[str, Field(min_length=12, max_length=200)]
KeyName = Annotated[str, Field(min_length=1, max_length=80)]


class NewAccount(BaseModel):
    email: EmailAddress
    password: NewPassword


class AccountOut(BaseModel):
    id: UUID
    email: str


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the kind of token
    expires_in: int


class NewKey(BaseModel):
    name: KeyName


class KeyOut(BaseModel):
    id: UUID
    name: str
    start: str
    created_at: datetime
    revoked_at: datetime | None
    quota_per_day: int
    used_today: int


class MadeKey(KeyOut):
    key: str


@router.post("/accounts", status_code=201, summary="Sign up")
def sign_up(new: NewAccount, session: SessionNow) -> AccountOut:
    try:
        account = accounts.sign_up(session, new.email, new.password)
    except accounts.EmailTaken as error:
        raise HTTPException(409, "There is an account with this address already.") from error
    return AccountOut(id=account.id, email=account.email)


@router.post("/token", summary="Sign in")
def sign_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    settings: SettingsNow,
    session: SessionNow,
) -> Token:
    account = accounts.authenticate(session, form.username, form.password)
    if account is None:
        raise HTTPException(401, "Address or password is wrong.", {"WWW-Authenticate": "Bearer"})
    if account.first_password:
        raise HTTPException(403, "This account still has its first password. Choose your own at /sign-in.")
    token = accounts.make_token(settings, account)
    return Token(access_token=token, expires_in=settings.jwt_expire_minutes * 60)


@router.get("/keys", summary="List my keys and their use today")
def list_keys(account: SignedIn, session: SessionNow, redis: RedisNow) -> list[KeyOut]:
    mine = keys.keys_of(session, account)
    used = quotas.look(redis, mine)
    return [_shown(key, quota) for key, quota in zip(mine, used, strict=True)]


@router.post("/keys", status_code=201, summary="Make a key, shown this once")
def make_key(new: NewKey, account: SignedIn, settings: SettingsNow, session: SessionNow, redis: RedisNow) -> MadeKey:
    key, text = keys.make_key(settings, session, account, new.name)
    [quota] = quotas.look(redis, [key])
    return MadeKey(key=text, **_shown(key, quota).model_dump())


@router.delete("/keys/{key_id}", status_code=204, summary="Revoke a key")
def revoke_key(key_id: UUID, account: SignedIn, session: SessionNow, redis: RedisNow) -> None:
    key = keys.key_of(session, account, key_id)
    if key is None:
        raise HTTPException(404, "There is no such key.")
    key_cache.revoke(redis, session, key)


def _shown(key: ApiKey, quota: Quota) -> KeyOut:
    return KeyOut(
        id=key.id,
        name=key.name,
        start=key.start,
        created_at=key.created_at,
        revoked_at=key.revoked_at,
        quota_per_day=key.quota_per_day,
        used_today=quota.used,
    )

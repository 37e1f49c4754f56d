"""The administrators' pages: accounts, their keys, and the keys' quotas."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from devportal import key_cache, keys, quotas
from devportal.access import RedisNow, SessionNow
from devportal.models import Account, ApiKey
from devportal.pages import Member, Text, forms, page

PAGE = 100
MOST = 1_000_000_000


def administrator(account: Member) -> Account:
    """For anybody else, these pages are not there."""
    if not account.is_admin:
        raise HTTPException(404, "There is nothing here.")
    return account


Administrator = Annotated[Account, Depends(administrator)]

router = APIRouter(prefix="/admin", include_in_schema=False, default_response_class=HTMLResponse)


@router.get("")
def list_accounts(request: Request, admin: Administrator, session: SessionNow, search: str = "") -> Response:
    """The newest accounts, or those whose address contains the text."""
    rows = session.execute(
        select(Account, func.count(ApiKey.id).filter(ApiKey.revoked_at.is_(None)))
        .outerjoin(ApiKey)
        .where(Account.email.contains(search.lower(), autoescape=True))
        .group_by(Account.id)
        .order_by(Account.created_at.desc())
        .limit(PAGE)
    ).all()
    return page(request, "admin.html", admin, rows=rows, search=search, most=PAGE)


@router.get("/accounts/{account_id}")
def show_account(
    request: Request, account_id: UUID, admin: Administrator, session: SessionNow, redis: RedisNow
) -> Response:
    shown = _account(session, account_id)
    theirs = keys.keys_of(session, shown)
    rows = list(zip(theirs, quotas.look(redis, theirs), strict=True))
    return page(request, "admin-account.html", admin, shown=shown, rows=rows, most=MOST)


@router.post("/accounts/{account_id}/block", dependencies=forms)
def block(account_id: UUID, admin: Administrator, session: SessionNow, redis: RedisNow) -> Response:
    """Nobody signs in to it, and none of its keys is accepted, from now on."""
    shown = _account(session, account_id)
    if shown.id == admin.id:
        raise HTTPException(409, "You cannot block your own account.")
    key_cache.refuse(redis, keys.keys_of(session, shown))
    shown.blocked_at = datetime.now(UTC)
    session.commit()
    return _back(shown)


@router.post("/accounts/{account_id}/unblock", dependencies=forms)
def unblock(account_id: UUID, admin: Administrator, session: SessionNow, redis: RedisNow) -> Response:
    shown = _account(session, account_id)
    shown.blocked_at = None
    session.commit()
    key_cache.forget(redis, [key for key in keys.keys_of(session, shown) if key.revoked_at is None])
    return _back(shown)


@router.post("/keys/{key_id}/revoke", dependencies=forms)
def revoke(key_id: UUID, admin: Administrator, session: SessionNow, redis: RedisNow) -> Response:
    key = _key(session, key_id)
    key_cache.revoke(redis, session, key)
    return _back(_account(session, key.account_id))


@router.post("/keys/{key_id}/quota", dependencies=forms)
def set_quota(key_id: UUID, admin: Administrator, session: SessionNow, redis: RedisNow, quota: Text) -> Response:
    """It applies to the next request."""
    key = _key(session, key_id)
    account = _account(session, key.account_id)
    if not (quota.isascii() and quota.isdigit() and 1 <= int(quota) <= MOST):
        raise HTTPException(422, f"A quota is a number from 1 to {MOST}.")
    key.quota_per_day = int(quota)
    session.commit()
    if key.revoked_at is None and account.blocked_at is None:
        key_cache.renew(redis, key)
    return _back(account)


def _account(session: Session, account_id: UUID) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise HTTPException(404, "There is no such account.")
    return account


def _key(session: Session, key_id: UUID) -> ApiKey:
    key = session.get(ApiKey, key_id)
    if key is None:
        raise HTTPException(404, "There is no such key.")
    return key


def _back(account: Account) -> Response:
    return RedirectResponse(f"/admin/accounts/{account.id}", 303)

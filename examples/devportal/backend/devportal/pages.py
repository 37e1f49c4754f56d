"""The portal's pages, made on the server: they work without scripts."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import TypeAdapter, ValidationError
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException as AnyHTTPException

from devportal import accounts, key_cache, keys, quotas, sessions
from devportal.access import RedisNow, SessionNow, SettingsNow
from devportal.api import EmailAddress, KeyName, NewPassword
from devportal.models import Account
from devportal.reference import endpoints
from devportal.sessions import COOKIE
from devportal.settings import Settings

AWAY = "DevPortal does not answer just now. Try again in some seconds."

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


class Elsewhere(Exception):
    """Whoever asks has to do something else first, and is led to where that can be done."""

    def __init__(self, path: str) -> None:
        self.path = path


def visitor(request: Request, session: SessionNow, redis: RedisNow) -> Account | None:
    token = request.cookies.get(COOKIE)
    return sessions.account_of(redis, session, token) if token else None


def signed_in(account: Annotated[Account | None, Depends(visitor)]) -> Account:
    if account is None:
        raise Elsewhere("/sign-in")
    return account


def member(account: Annotated[Account, Depends(signed_in)]) -> Account:
    """With a first password there is one thing to do: choosing one's own."""
    if account.first_password:
        raise Elsewhere("/password")
    return account


def from_own_page(request: Request) -> None:
    """Refuse what another site makes a browser send; browsers say where a form was."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own_origin = not origin or urlsplit(origin).netloc == request.headers.get("host")
    if not (site in {"same-origin", "none"} if site else own_origin):
        raise HTTPException(403, "This form was sent from another site.")


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
forms = [Depends(from_own_page)]

Visitor = Annotated[Account | None, Depends(visitor)]
SignedIn = Annotated[Account, Depends(signed_in)]
Member = Annotated[Account, Depends(member)]
Text = Annotated[str, Form()]


def page(request: Request, name: str, account: Account | None, **values: object) -> Response:
    settings = request.app.state.settings
    shown = {"account": account, "release": settings.release, **values}
    status = values.get("status", 200)
    answer = templates.TemplateResponse(request, name, shown, status_code=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/")
def home(request: Request, account: Visitor) -> Response:
    return RedirectResponse("/keys", 303) if account else page(request, "home.html", None)


@router.get("/docs")
@router.get("/reference")
def docs(request: Request, account: Visitor) -> Response:
    told = endpoints(request.app.openapi())
    return page(request, "docs.html", account, endpoints=told, base=str(request.base_url))


@router.get("/sign-up")
def sign_up_form(request: Request) -> Response:
    return page(request, "sign-up.html", None, email="")


@router.post("/sign-up", dependencies=forms)
def sign_up(
    request: Request, email: Text, password: Text, settings: SettingsNow, session: SessionNow, redis: RedisNow
) -> Response:
    problem = _problem(email, password)
    if not problem:
        try:
            account = accounts.sign_up(session, email, password)
        except accounts.EmailTaken:
            problem = "There is an account with this address already. Sign in instead."
        else:
            return _welcome(settings, redis, account)
    return page(request, "sign-up.html", None, email=email, problem=problem, status=422)


@router.get("/sign-in")
def sign_in_form(request: Request) -> Response:
    return page(request, "sign-in.html", None, email="")


@router.post("/sign-in", dependencies=forms)
def sign_in(
    request: Request, email: Text, password: Text, settings: SettingsNow, session: SessionNow, redis: RedisNow
) -> Response:
    account = accounts.authenticate(session, email, password)
    if account:
        return _welcome(settings, redis, account)
    problem = "Address or password is wrong."
    return page(request, "sign-in.html", None, email=email, problem=problem, status=422)


@router.post("/sign-out", dependencies=forms)
def sign_out(request: Request, redis: RedisNow) -> Response:
    token = request.cookies.get(COOKIE)
    if token:
        sessions.end_session(redis, token)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/password")
def password_form(request: Request, account: SignedIn) -> Response:
    return page(request, "password.html", account)


@router.post("/password", dependencies=forms)
def choose_password(
    request: Request,
    account: SignedIn,
    settings: SettingsNow,
    session: SessionNow,
    redis: RedisNow,
    password: Text,
    new_password: Text,
) -> Response:
    """All other sessions of the account end."""
    problem = ""
    if accounts.authenticate(session, account.email, password) is None:
        problem = "That is not your password."
    elif new_password == password:
        problem = "Choose another password than the one you have."
    elif not _is(NewPassword, new_password):
        problem = "Choose a password of 12 to 200 characters."
    if problem:
        return page(request, "password.html", account, problem=problem, status=422)
    accounts.choose_password(session, account, new_password)
    return _welcome(settings, redis, account)


@router.get("/keys")
def key_list(request: Request, account: Member, session: SessionNow, redis: RedisNow) -> Response:
    return _keys_page(request, account, session, redis)


@router.post("/keys", dependencies=forms)
def make_key(
    request: Request,
    account: Member,
    settings: SettingsNow,
    session: SessionNow,
    redis: RedisNow,
    name: Text = "",
) -> Response:
    if not _is(KeyName, name.strip()):
        problem = "Give the key a name of 1 to 80 characters."
        return _keys_page(request, account, session, redis, problem=problem, status=422)
    key, text = keys.make_key(settings, session, account, name.strip())
    return _keys_page(request, account, session, redis, made=key, text=text)


@router.post("/keys/{key_id}/revoke", dependencies=forms)
def revoke_key(key_id: UUID, account: Member, session: SessionNow, redis: RedisNow) -> Response:
    key = keys.key_of(session, account, key_id)
    if key is None:
        raise HTTPException(404, "There is no such key.")
    key_cache.revoke(redis, session, key)
    return RedirectResponse("/keys", 303)


def handle_errors(app: FastAPI) -> None:
    """People are told on a page what programs are told in JSON."""

    @app.exception_handler(Elsewhere)
    def _lead_there(_request: Request, error: Elsewhere) -> Response:
        return RedirectResponse(error.path, 303)

    @app.exception_handler(AnyHTTPException)
    async def _tell(request: Request, error: AnyHTTPException) -> Response:
        for_programs = request.url.path.startswith("/api/")
        if for_programs or "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        status = error.status_code
        answer = page(request, "error.html", None, status=status, detail=error.detail)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(OperationalError)
    @app.exception_handler(RedisError)
    async def _store_is_away(request: Request, _error: Exception) -> Response:
        return await _tell(request, HTTPException(503, AWAY, {"Retry-After": "5"}))


def _keys_page(request: Request, account: Account, session: Session, redis: Redis, **values: object) -> Response:
    mine = keys.keys_of(session, account)
    rows = list(zip(mine, quotas.look(redis, mine), strict=True))
    return page(request, "keys.html", account, rows=rows, **values)


def _welcome(settings: Settings, redis: Redis, account: Account) -> Response:
    """Signed in, with a first password only to choose another one."""
    answer = RedirectResponse("/password" if account.first_password else "/keys", 303)
    seconds = settings.jwt_expire_minutes * 60
    answer.set_cookie(
        COOKIE,
        sessions.start_session(redis, account, seconds),
        max_age=seconds,
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
    return answer


def _problem(email: str, password: str) -> str:
    if not _is(EmailAddress, email):
        return "Enter an e-mail address such as ada@example.org."
    if not _is(NewPassword, password):
        return "Choose a password of 12 to 200 characters."
    return ""


def _is(kind: object, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True

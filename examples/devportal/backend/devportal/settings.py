"""Reads settings from the environment and from secret files.

Every problem is reported at once, so that whoever deploys mends it in one go. Values never appear in a message: they
may be secrets.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SECRETS = {
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "JWT_SECRET_KEY",
    "JWT_SECRET_KEY_FALLBACKS",
    "DATABASE_PASSWORD",
    "REDIS_PASSWORD",
    "SEED_PASSWORD",
    "ADMIN_PASSWORD",
}

HINTS = {
    "SECRET_KEY": "Set SECRET_KEY_FILE to a file with at least 32 random characters.",
    "JWT_SECRET_KEY": "Set JWT_SECRET_KEY_FILE to a file with at least 32 random characters.",
    "DATABASE_URL": "Set it to postgresql://user@host:5432/database.",
    "REDIS_URL": "Set it to redis://user@host:6379/0.",
}


def _words(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _postgres_url(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if not url or url.get_backend_name() not in {"postgresql", "postgres"} or not url.host:
        raise ValueError("is not an address such as postgresql://user@host:5432/database")
    return text


Words = Annotated[list[str], BeforeValidator(_words)]
Key = Annotated[str, Field(min_length=32)]
Origin = Annotated[str, Field(pattern=r"^https?://[^/]+$")]


class Settings(BaseModel):
    app_env: Literal["development", "production"] = "production"
    debug: bool = False
    live_reload: bool = False
    # Whether people reach the portal by HTTPS, so that cookies are for HTTPS only.
    https: bool = False
    release: str = "unknown"
    allowed_hosts: Words = ["localhost"]
    allowed_origins: Annotated[list[Origin], BeforeValidator(_words)] = []
    secret_key: Key
    secret_key_fallbacks: Words = []
    jwt_secret_key: Key
    jwt_secret_key_fallbacks: Words = []
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    jwt_expire_minutes: Annotated[int, Field(ge=1, le=43_200)] = 30
    database_url: Annotated[str, AfterValidator(_postgres_url)]
    database_password: str = ""
    redis_url: Annotated[str, Field(pattern=r"^rediss?://[^/]+(/\d+)?$")]
    redis_password: str = ""
    quota_per_day: Annotated[int, Field(ge=1)] = 1000
    # Seconds to wait for the database and Redis at the start.
    wait_timeout: Annotated[int, Field(ge=1, le=3600)] = 60
    seed_password: str = ""
    # The first administrator, for `migrate`.
    admin_email: str = ""
    admin_password: str = ""

    @cached_property
    def database(self) -> URL:
        url = make_url(self.database_url).set(drivername="postgresql+psycopg")
        return url.set(password=self.database_password) if self.database_password else url


def read_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """The settings, or the end of the process with all that is missing or wrong."""
    values, problems = _given(os.environ if variables is None else variables)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        known = {problem.split(":")[0].removesuffix("_FILE") for problem in problems}
        problems += [text for name, text in map(_problem, error.errors()) if name not in known]
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise SystemExit(f"DevPortal cannot start, its environment needs attention:\n{lines}")
    return settings


def _given(variables: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = []
    for field in Settings.model_fields:
        name = field.upper()
        value, path = variables.get(name, "").strip(), variables.get(f"{name}_FILE", "")
        if path and name in SECRETS:
            if value:
                problems.append(f"{name}: given twice. Set {name} or {name}_FILE, not both.")
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "not UTF-8 text"
                problems.append(f"{name}_FILE: {path} cannot be read ({reason}).")
        if value:
            values[field] = value
    return values, problems


def _problem(error: Any) -> tuple[str, str]:
    name = str(error["loc"][0]).upper()
    hint = HINTS.get(name, "")
    if error["type"] == "missing":
        return name, f"{name}: missing. {hint}"
    if error["type"] in {"string_pattern_mismatch", "value_error"} and hint:
        return name, f"{name}: not an address of that kind. {hint}"
    return name, f"{name}: {error['msg']}. {hint}".rstrip()

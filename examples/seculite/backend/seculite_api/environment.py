"""What differs between deployments: plain settings from the environment, secrets from files.

A secret stands in a file of its setting's name in /run/secrets. All that is wrong is told at once.
Where two names are given, the second is that of the owners' .env file.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRETS = Path("/run/secrets")


def _words(value: str | list[str]) -> list[str]:
    return value.replace(",", " ").split() if isinstance(value, str) else value


LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda text: text.upper() if isinstance(text, str) else text),
]
Words = Annotated[str | list[str], NoDecode, AfterValidator(_words)]


class Environment(BaseSettings):
    model_config = SettingsConfigDict(
        secrets_dir=SECRETS if SECRETS.is_dir() else None, env_ignore_empty=True
    )

    debug: bool = Field(default=False, validation_alias=AliasChoices("debug", "django_debug"))
    https: bool = False
    release: str = "development"
    allowed_hosts: Words = Field(
        min_length=1, validation_alias=AliasChoices("allowed_hosts", "django_allowed_hosts")
    )
    log_level: LogLevel = "INFO"

    db_host: str
    db_port: int = 5432
    db_name: str = Field(validation_alias=AliasChoices("db_name", "postgres_db"))
    db_user: str = Field(validation_alias=AliasChoices("db_user", "postgres_user"))
    redis_host: str
    redis_port: int = 6379
    redis_user: str

    secret_key: SecretStr = Field(
        min_length=50, validation_alias=AliasChoices("secret_key", "django_secret_key")
    )
    # Keys used before, one a line: what they have signed stays good.
    secret_key_fallbacks: SecretStr = SecretStr("")
    db_password: SecretStr = Field(
        min_length=12, validation_alias=AliasChoices("db_password", "postgres_password")
    )
    redis_password: SecretStr = Field(min_length=12)
    # The whole address of a broker elsewhere, in place of the Redis above.
    celery_broker_url: SecretStr = SecretStr("")

    media_root: Path = Path("/app/media")
    static_root: Path = Path("/app/staticfiles_collected")

    scan_hosts: Words = []
    scan_outside: bool = True
    outside_scans_per_hour: int = Field(default=20, ge=1, le=1000)
    scan_timeout_seconds: int = Field(default=60, ge=1, le=3600)
    stop_seconds: int = Field(default=50, ge=1, le=3600)


class WithBroker(Environment):
    """With a broker elsewhere, no Redis is named."""

    redis_host: str = ""
    redis_user: str = ""
    redis_password: SecretStr = SecretStr("")


def read_environment() -> Environment:
    """@raises SystemExit naming everything that is missing or wrong, never a value."""
    broker = os.environ.get("CELERY_BROKER_URL") or (SECRETS / "celery_broker_url").is_file()
    try:
        return WithBroker() if broker else Environment()
    except ValidationError as error:
        lines = "\n".join(_line(problem) for problem in error.errors(include_input=False))
        raise SystemExit(f"SecuLite cannot start, its settings need attention:\n{lines}") from None


def _line(problem: dict) -> str:
    name = str(problem["loc"][0])
    secret = Environment.model_fields[name].annotation is SecretStr
    where = f"the file {SECRETS / name}" if secret else name.upper()
    return f"  - {where}: {problem['msg']}."

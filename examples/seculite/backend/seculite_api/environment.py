"""What differs between deployments: plain settings from the environment, secrets from files.

A secret stands in a file of its setting's name in /run/secrets. All that is wrong is told at once.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRETS = Path("/run/secrets")


def _words(value: str | list[str]) -> list[str]:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Words = Annotated[str | list[str], NoDecode, AfterValidator(_words)]


class Environment(BaseSettings):
    model_config = SettingsConfigDict(
        secrets_dir=SECRETS if SECRETS.is_dir() else None, env_ignore_empty=True
    )

    debug: bool = False
    https: bool = False
    release: str = "development"
    allowed_hosts: Words = Field(min_length=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    db_host: str
    db_port: int = 5432
    db_name: str
    db_user: str
    redis_host: str
    redis_port: int = 6379
    redis_user: str

    secret_key: SecretStr = Field(min_length=50)
    # Keys used before, one a line: what they have signed stays good.
    secret_key_fallbacks: SecretStr = SecretStr("")
    db_password: SecretStr = Field(min_length=12)
    redis_password: SecretStr = Field(min_length=12)

    media_root: Path = Path("/app/media")
    static_root: Path = Path("/app/staticfiles_collected")

    scan_hosts: Words = []
    scan_timeout_seconds: int = Field(default=60, ge=1, le=3600)
    stop_seconds: int = Field(default=50, ge=1, le=3600)


def read_environment() -> Environment:
    """@raises SystemExit naming everything that is missing or wrong, never a value."""
    try:
        return Environment()
    except ValidationError as error:
        lines = "\n".join(_line(problem) for problem in error.errors(include_input=False))
        raise SystemExit(f"SecuLite cannot start, its settings need attention:\n{lines}") from None


def _line(problem: dict) -> str:
    name = str(problem["loc"][0])
    secret = Environment.model_fields[name].annotation is SecretStr
    where = f"the file {SECRETS / name}" if secret else name.upper()
    return f"  - {where}: {problem['msg']}."

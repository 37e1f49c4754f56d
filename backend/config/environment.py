"""Reads settings from the environment and from secret files.

Every problem is collected and reported at once, so that an operator repairs
a deployment in one go. Values never appear in a message: they may be secrets.
"""

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
PLACEHOLDERS = ("changeme", "replaceme", "placeholder", "djangoinsecure", "yoursecret")
WEAK_SECRETS = {"password", "secret", "postgres", "admin", "mailtracker", "test", "todo"}


def is_placeholder(secret: str) -> bool:
    """Whether a secret is an example's text rather than a generated value."""
    letters = re.sub(r"[^a-z0-9]", "", secret.lower())
    return letters in WEAK_SECRETS or any(word in letters for word in PLACEHOLDERS)


class Environment:
    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables
        self.problems: list[str] = []

    def problem(self, name: str, text: str) -> None:
        self.problems.append(f"{name}: {text}")

    def finish(self) -> None:
        """End the process with all problems, or do nothing if there are none."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise SystemExit(f"Mail Tracker cannot start, its settings need attention:\n{lines}")

    def text(self, name: str, default: str) -> str:
        return self.variables.get(name, "").strip() or default

    def secret(
        self, name: str, hint: str = "", required: bool = True, empty_file: bool = False
    ) -> str:
        """A value given as NAME, or as NAME_FILE: the path of a file that holds it."""
        value, path = self.variables.get(name, ""), self.variables.get(f"{name}_FILE", "")
        if value and path:
            self.problem(name, f"given twice. Set {name} or {name}_FILE, not both.")
            return ""
        if path:
            return self._secret_file(f"{name}_FILE", path, empty_file)
        if not value and required:
            self.problem(name, f"missing. Set {name}_FILE (or {name}) to {hint}.")
        return value

    def secrets(self, name: str) -> list[str]:
        """One secret a line, as NAME or in the file NAME_FILE; there may be none."""
        text = self.secret(name, required=False, empty_file=True)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _secret_file(self, name: str, path: str, may_be_empty: bool) -> str:
        try:
            value = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8 text"
            self.problem(name, f"{path} cannot be read ({reason}). Name a readable secret file.")
            return ""
        if not value and not may_be_empty:
            self.problem(name, f"{path} is empty. Write the secret into it.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        word = self.text(name, str(default)).lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            self.problem(name, "is neither true nor false. Set it to true or false.")
        return word in TRUE_WORDS

    def number(self, name: str, default: int, least: int = 1) -> int:
        text = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and int(text) >= least:
            return int(text)
        self.problem(
            name,
            f"is not a whole number, {least} or more. Set it to a number such as {default}.",
        )
        return default

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]

    def origins(self, name: str) -> list[str]:
        origins = self.words(name)
        for origin in origins:
            url = attempt(partial(urlsplit, origin))
            if url is None or url.scheme not in {"http", "https"} or url.path or not url.netloc:
                self.problem(
                    name, "holds something other than scheme://host[:port], comma-separated."
                )
                break
        return origins

    def absolute_path(self, name: str, default: str) -> Path:
        path = Path(self.text(name, default))
        if not path.is_absolute():
            self.problem(name, f"is not an absolute path. Set it to a path such as {default}.")
        return path


def attempt(read: Callable[[], T]) -> T | None:
    """The result, or None where the text read is malformed."""
    try:
        return read()
    except ValueError:
        return None

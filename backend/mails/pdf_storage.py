"""PDFs on disk. nginx reads the same directory and sends the bytes."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class StoredPdf:
    name: str
    size: int
    sha256: str


def path_of(stored_name: str) -> Path:
    return settings.PDF_STORAGE_PATH / stored_name


def save(chunks: Iterable[bytes]) -> StoredPdf:
    """Write under a temporary name and rename: a reader never sees half a file."""
    name = f"{uuid.uuid4()}.pdf"
    temporary = path_of(f".{name}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            os.fchmod(file.fileno(), 0o644)  # nginx runs as another user
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path_of(name))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory()
    return StoredPdf(name, size, digest.hexdigest())


def remove(stored_name: str) -> None:
    path_of(stored_name).unlink(missing_ok=True)


def _sync_directory() -> None:
    """The rename itself must survive a power cut."""
    descriptor = os.open(settings.PDF_STORAGE_PATH, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

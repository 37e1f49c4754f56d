"""Whether an upload is a PDF, judged by its content: names and types given by clients are hints."""

import logging
from typing import BinaryIO

from pypdf import PdfReader

HEADER_WITHIN = 1024
TRAILER_WITHIN = 2048
NOT_A_PDF = "This is not a PDF file."
TRUNCATED = "This PDF is incomplete: its end is missing. Send the whole file."
DAMAGED = "This PDF is damaged and cannot be read."

# Its complaints about untidy files would fill the log; what matters is answered to the client.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class InvalidPdf(ValueError):
    """The message is meant for whoever sent the file."""


def check_pdf(file: BinaryIO) -> None:
    """Raise InvalidPdf unless the file can be read as a PDF from its first byte to its last."""
    try:
        _check_frame(file)
        _check_structure(file)
    finally:
        file.seek(0)


def _check_frame(file: BinaryIO) -> None:
    file.seek(0)
    if b"%PDF-" not in file.read(HEADER_WITHIN):
        raise InvalidPdf(NOT_A_PDF)
    # The parser repairs files without an end; a cut-off upload must be refused instead.
    end = file.seek(0, 2)
    file.seek(max(0, end - TRAILER_WITHIN))
    if b"%%EOF" not in file.read():
        raise InvalidPdf(TRUNCATED)


def _check_structure(file: BinaryIO) -> None:
    file.seek(0)
    try:
        reader = PdfReader(file, strict=False)
        # A password hides the pages, but not that there is a catalogue of them.
        readable = "/Root" in reader.trailer if reader.is_encrypted else len(reader.pages) > 0
    except Exception as error:  # a hostile file can make a parser fail in any way
        raise InvalidPdf(DAMAGED) from error
    if not readable:
        raise InvalidPdf(DAMAGED)

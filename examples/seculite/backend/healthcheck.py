"""Succeeds when gunicorn here answers that it is well. Imports little, as it runs often."""

import sys
from http.client import OK, HTTPConnection


def main() -> None:
    connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/api/health/")
        answer = connection.getresponse()
    except OSError as error:
        sys.exit(f"gunicorn does not answer: {error}")
    if answer.status != OK:
        sys.exit(f"{answer.status} {answer.read().decode()}")


main()

"""Succeeds when this container's gunicorn answers that it is well: `python -m seculite_api.healthcheck`."""

import sys
from http.client import HTTPConnection


def main() -> None:
    connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/api/health/")
        answer = connection.getresponse()
    except OSError as error:
        sys.exit(f"gunicorn does not answer: {error}")
    if answer.status != 200:
        sys.exit(f"{answer.status} {answer.read().decode()}")


main()

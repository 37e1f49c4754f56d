from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

import config.serving  # noqa: F401 - as gunicorn reads its settings


class Wire:
    """A socket that writes down what is sent at once."""

    def __init__(self):
        self.sent = []

    def sendall(self, data):
        self.sent.append(data)

    def sendfile(self, file, offset, count):
        self.sent.append(file.read()[offset : offset + count])


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def answer(wire):
    def begin(*headers, method="GET", status="200 OK"):
        request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
        response = wsgi.Response(request, wire, Config())
        response.start_response(status, list(headers))
        return response

    return begin


def test_head_and_body_leave_in_one_piece(answer, wire):
    response = answer(("Content-Length", "5"))
    response.write(b"whole")
    response.close()
    assert len(wire.sent) == 1
    assert wire.sent[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert wire.sent[0].endswith(b"\r\n\r\nwhole")


def test_what_follows_is_sent_as_it_comes(answer, wire):
    response = answer()
    response.write(b"one")
    response.write(b"two")
    assert [part[-8:] for part in wire.sent] == [b"3\r\none\r\n", b"3\r\ntwo\r\n"]
    response.close()
    assert wire.sent[-1] == b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "status", "body"),
    [("HEAD", "200 OK", b"whole"), ("GET", "304 Not Modified", b""), ("GET", "200 OK", b"")],
)
def test_a_head_without_a_body_is_sent_too(answer, wire, method, status, body):
    response = answer(("Content-Length", str(len(body))), method=method, status=status)
    response.write(body)
    response.close()
    assert b"".join(wire.sent).endswith(b"\r\n\r\n")
    assert b"".join(wire.sent).count(b"HTTP/1.1 ") == 1


def test_a_file_comes_after_its_head(answer, wire, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7")
    response = answer(("Content-Length", "8"))
    with path.open("rb") as file:
        response.write_file(SimpleNamespace(filelike=file))
    response.close()
    assert [part[:8] for part in wire.sent] == [b"HTTP/1.1", b"%PDF-1.7"]

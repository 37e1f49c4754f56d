"""How gunicorn sends answers: its settings file, beside what the entrypoint says by flags.

gunicorn sends an answer's head and then its body. A process killed in between leaves a head
without a body, which the proxy has passed on already, so that it cannot ask another replica any
more. Here both leave in one piece: whoever waits for an answer gets all of it or nothing.
"""

from gunicorn.http import wsgi


class HeadWithBody:
    """A socket that keeps the first thing sent through it, the head, until something follows."""

    def __init__(self, sock) -> None:
        self.sock = sock
        self.head: bytes | None = None

    def sendall(self, data: bytes) -> None:
        if self.head is None:
            self.head = data
        else:
            self.sock.sendall(self.head + data)
            self.head = b""

    def sendfile(self, *args, **kwargs):
        self.flush()
        return self.sock.sendfile(*args, **kwargs)

    def flush(self) -> None:
        """Send a head that nothing follows."""
        if self.head:
            self.sendall(b"")


class Response(wsgi.Response):
    def __init__(self, req, sock, cfg) -> None:
        super().__init__(req, HeadWithBody(sock), cfg)

    def close(self) -> None:
        super().close()
        self.sock.flush()


wsgi.Response = Response

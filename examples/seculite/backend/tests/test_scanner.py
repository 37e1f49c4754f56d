import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from httpx import Headers

from scans.scanner.finding import grade
from scans.scanner.headers import check_headers
from scans.scanner.scan import ScanError, scan

SAFE = {
    "Strict-Transport-Security": "max-age=63072000",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def levels(findings):
    return {finding.title: finding.level for finding in findings}


def test_safe_headers_are_good():
    findings = check_headers(Headers(SAFE), https=True)
    assert set(levels(findings).values()) == {"good"}
    assert grade(findings) == "good"


@pytest.mark.parametrize(
    ("header", "value", "title", "level"),
    [
        ("Strict-Transport-Security", "", "Strict-Transport-Security", "bad"),
        ("Strict-Transport-Security", "max-age=60", "Strict-Transport-Security", "weak"),
        ("Content-Security-Policy", "", "Content-Security-Policy", "bad"),
        ("Content-Security-Policy", "script-src 'unsafe-inline'", "Framing by other sites", "weak"),
        (
            "Content-Security-Policy",
            "script-src 'unsafe-inline'",
            "Content-Security-Policy",
            "weak",
        ),
        ("X-Content-Type-Options", "", "X-Content-Type-Options", "weak"),
        ("Referrer-Policy", "unsafe-url", "Referrer-Policy", "weak"),
        ("Server", "nginx/1.25.3", "Server's version", "note"),
        ("Set-Cookie", "session=1; HttpOnly", "Cookie session", "weak"),
        ("Set-Cookie", "session=1; Secure; SameSite=Lax", "Cookie session", "good"),
    ],
)
def test_each_header_is_judged(header, value, title, level):
    assert levels(check_headers(Headers(SAFE | {header: value}), https=True))[title] == level


@pytest.fixture
def server(tmp_path):
    """A server on this machine with a certificate of its own, for a week, for another name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("other.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    listening = HTTPServer(("127.0.0.1", 0), Answering)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"https://localhost:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "https://elsewhere.test/")
        self.end_headers()

    def log_message(self, *args):
        pass


def test_a_servers_tls_is_looked_at_for_real(server):
    found = levels(scan(f"{server}/", timeout=5))
    assert found["TLS version"] == "good"
    assert found["Outdated TLS versions"] == "good"
    assert found["Certificate's authority"] == "weak"
    assert found["Certificate's names"] == "weak"
    assert found["Certificate's end"] == "weak"
    assert found["Strict-Transport-Security"] == "bad"


def test_a_redirect_is_not_followed(server):
    details = {finding.title: finding.detail for finding in scan(f"{server}/away", timeout=5)}
    assert details["Answer"] == "HTTP status 302."


def test_nobody_there_is_told():
    with pytest.raises(ScanError, match="gave no answer"):
        scan("http://127.0.0.1:9/", timeout=1)

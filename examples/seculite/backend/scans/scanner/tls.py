"""How a server speaks TLS: certificate, versions."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from scans.scanner.finding import Finding

SOON = timedelta(days=14)
LEAST_RSA_BITS = 2048
Address = tuple[str, int]


def check_tls(host: str, address: str, port: int, timeout: float) -> list[Finding]:
    """@param address that the host has. @raises OSError when nobody answers there."""
    at = (address, port)
    certificate, version, cipher = _handshake(host, at, timeout)
    return [
        _trust(host, at, timeout),
        _names(certificate, host),
        _end(certificate),
        _key(certificate),
        _version(version, cipher),
        _old_versions(host, at, timeout),
    ]


def _handshake(host: str, at: Address, timeout: float) -> tuple[x509.Certificate, str, str]:
    context = _believing_anybody()
    with (
        socket.create_connection(at, timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        der = connection.getpeercert(binary_form=True)
        cipher = connection.cipher()
        return (
            x509.load_der_x509_certificate(der or b""),
            connection.version() or "unknown",
            cipher[0] if cipher else "unknown",
        )


def _trust(host: str, at: Address, timeout: float) -> Finding:
    title = "Certificate's authority"
    context = ssl.create_default_context()
    # Its name is judged by itself.
    context.check_hostname = False
    try:
        with (
            socket.create_connection(at, timeout) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return Finding(title, "good", "Known to this machine.")
    except ssl.SSLCertVerificationError as error:
        return Finding(title, "weak", f"Browsers may warn: {error.verify_message}.")


def _names(certificate: x509.Certificate, host: str) -> Finding:
    title = "Certificate's names"
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return Finding(title, "bad", "It names no host.")
    names = extension.value.get_values_for_type(x509.DNSName)
    listed = ", ".join(names)
    wildcard = f"*.{host.partition('.')[2]}"
    if host in names or wildcard in names:
        return Finding(title, "good", listed)
    return Finding(title, "weak", f"{host} is not among them: {listed}.")


def _end(certificate: x509.Certificate) -> Finding:
    title = "Certificate's end"
    end = certificate.not_valid_after_utc
    left = end - datetime.now(UTC)
    if left < timedelta(0):
        return Finding(title, "bad", f"It ended on {end:%Y-%m-%d}.")
    level = "weak" if left < SOON else "good"
    return Finding(title, level, f"{end:%Y-%m-%d}, in {left.days} days.")


def _key(certificate: x509.Certificate) -> Finding:
    title = "Certificate's key"
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        level = "good" if key.key_size >= LEAST_RSA_BITS else "bad"
        return Finding(title, level, f"RSA, {key.key_size} bits.")
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Finding(title, "good", f"ECDSA, {key.curve.name}.")
    return Finding(title, "note", type(key).__name__)


def _version(version: str, cipher: str) -> Finding:
    level = "good" if version in {"TLSv1.2", "TLSv1.3"} else "bad"
    return Finding("TLS version", level, f"{version} with {cipher}.")


def _old_versions(host: str, at: Address, timeout: float) -> Finding:
    title = "Outdated TLS versions"
    context = _believing_anybody()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        with (
            socket.create_connection(at, timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            return Finding(title, "bad", f"{connection.version()} is spoken.")
    except (ssl.SSLError, ConnectionResetError):
        return Finding(title, "good", "Refused.")


def _believing_anybody() -> ssl.SSLContext:
    """To look at what is there, whoever it is from; nothing is sent over it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

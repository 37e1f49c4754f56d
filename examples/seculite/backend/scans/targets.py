"""Which addresses may be scanned: those the configuration names, and no others."""

from urllib.parse import urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}


def refusal(url: str) -> str | None:
    """Why this address is not scanned, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not an address."
    if parts.scheme not in PORTS or not parts.hostname:
        return "Write an address that begins with https:// or http://."
    if parts.username or parts.password:
        return "Leave user name and password out of the address."
    usual = port is None or port == PORTS[parts.scheme]
    host = parts.hostname if usual else f"{parts.hostname}:{port}"
    if host not in settings.SCAN_HOSTS:
        return (
            f"{host} may not be scanned. Allowed are: {', '.join(settings.SCAN_HOSTS) or 'none'}."
        )
    return None

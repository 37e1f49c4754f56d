"""Which addresses may be scanned: those the configuration names, and public sites within limits."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
CONSENT = "I run this site, or its owner asked me to scan it."
# A name in public DNS; a name without a dot is one of a network of one's own.
PUBLIC_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.I)


class NotScannedError(Exception):
    """The message says why."""


@dataclass(frozen=True)
class Target:
    host: str
    # Named by the configuration; else a public site, which needs consent and has limits.
    configured: bool


def target(url: str) -> Target:
    """@raises NotScannedError when nothing at this address is scanned, with consent or without."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotScannedError("This is not an address.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotScannedError("Write an address that begins with https:// or http://.")
    if parts.username or parts.password:
        raise NotScannedError("Leave user name and password out of the address.")
    usual = port is None or port == PORTS[parts.scheme]
    host = parts.hostname if usual else f"{parts.hostname}:{port}"
    if host in settings.SCAN_HOSTS:
        return Target(host, configured=True)
    allowed = f"Allowed are: {', '.join(settings.SCAN_HOSTS) or 'none'}."
    if not settings.SCAN_OUTSIDE:
        raise NotScannedError(f"{host} may not be scanned. {allowed}")
    if not usual or not PUBLIC_NAME.fullmatch(parts.hostname):
        why = "of other sites, only public names at the usual ports are"
        raise NotScannedError(f"{host} may not be scanned: {why}. {allowed}")
    return Target(host, configured=False)

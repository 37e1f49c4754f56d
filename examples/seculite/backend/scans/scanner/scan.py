"""One look at one address, as a browser would take it: a GET whose redirects are not followed."""

from urllib.parse import urlsplit

import httpx

from scans.scanner.addresses import public_address
from scans.scanner.finding import Finding
from scans.scanner.headers import check_headers
from scans.scanner.tls import check_tls

AGENT = "SecuLite/2 (a scan of security headers and TLS)"


class ScanError(Exception):
    """Nothing to judge was to be had; the message says why."""


def scan(url: str, timeout: float, only_public: bool = False) -> list[Finding]:
    """@param timeout seconds for each answer. @raises ScanError, PrivateAddressError"""
    parts = urlsplit(url)
    https = parts.scheme == "https"
    host = parts.hostname or ""
    port = parts.port or (443 if https else 80)
    try:
        # From here on the address is connected to that was judged, whatever DNS says next.
        address = public_address(host, port) if only_public else host
        tls = check_tls(host, address, port, min(timeout, 10)) if https else []
        # The certificate is judged by itself, and nothing of the body is read.
        with (
            httpx.Client(verify=False, timeout=timeout, trust_env=False) as client,  # noqa: S501
            client.stream(
                "GET",
                httpx.URL(url).copy_with(host=address),
                headers={"User-Agent": AGENT, "Host": parts.netloc},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            status, headers = answer.status_code, answer.headers
    except (httpx.HTTPError, OSError) as error:
        raise ScanError(f"{url} gave no answer: {str(error) or type(error).__name__}.") from error
    answered = Finding("Answer", "note", f"HTTP status {status}.")
    if not https:
        return [_leads_to_https(status, headers), *check_headers(headers, https), answered]
    return [*tls, *check_headers(headers, https), answered]


def _leads_to_https(status: int, headers: httpx.Headers) -> Finding:
    title = "Leads to HTTPS"
    if 300 <= status < 400 and headers.get("Location", "").startswith("https://"):
        return Finding(title, "good", headers["Location"])
    return Finding(title, "bad", "No: what is sent here can be read on the way.")

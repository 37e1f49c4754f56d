"""What the headers of an answer say about its safety."""

import re
from collections.abc import Iterator

from httpx import Headers

from scans.scanner.finding import Finding

HALF_A_YEAR = 15_768_000


def check_headers(headers: Headers, https: bool) -> list[Finding]:
    findings = [
        _content_security_policy(headers),
        _sniffing(headers),
        _framing(headers),
        _referrer(headers),
        _server(headers),
        *_cookies(headers, https),
    ]
    return [_transport_security(headers), *findings] if https else findings


def _transport_security(headers: Headers) -> Finding:
    title = "Strict-Transport-Security"
    age = re.search(r'max-age="?(\d+)', headers.get(title, ""), re.IGNORECASE)
    if not age:
        return Finding(title, "bad", "Missing: a browser may still be led to plain HTTP.")
    if int(age[1]) < HALF_A_YEAR:
        return Finding(
            title, "weak", f"Browsers forget it after {age[1]} s, less than half a year."
        )
    return Finding(title, "good", headers[title])


def _content_security_policy(headers: Headers) -> Finding:
    title = "Content-Security-Policy"
    policy = headers.get(title)
    if not policy:
        return Finding(title, "bad", "Missing: scripts put into a page by others would run.")
    if re.search(r"(default|script)-src[^;]*'unsafe-(inline|eval)'", policy):
        return Finding(
            title, "weak", f"It lets scripts run that stand in the page itself: {policy}"
        )
    return Finding(title, "good", policy)


def _sniffing(headers: Headers) -> Finding:
    title = "X-Content-Type-Options"
    if headers.get(title, "").lower() != "nosniff":
        return Finding(title, "weak", "Not nosniff: browsers may take a file for a script.")
    return Finding(title, "good", "nosniff")


def _framing(headers: Headers) -> Finding:
    title = "Framing by other sites"
    policy = headers.get("Content-Security-Policy", "")
    if "frame-ancestors" in policy:
        return Finding(title, "good", "Content-Security-Policy says who may: frame-ancestors.")
    if headers.get("X-Frame-Options", "").upper() in {"DENY", "SAMEORIGIN"}:
        return Finding(title, "good", f"X-Frame-Options: {headers['X-Frame-Options']}")
    return Finding(title, "weak", "Nothing forbids it: clicks can be stolen through a frame.")


def _referrer(headers: Headers) -> Finding:
    title = "Referrer-Policy"
    policy = headers.get(title)
    if not policy:
        return Finding(title, "note", "Missing: browsers decide what other sites get to know.")
    level = "weak" if "unsafe-url" in policy else "good"
    return Finding(title, level, policy)


def _server(headers: Headers) -> Finding:
    title = "Server's version"
    server = headers.get("Server", "")
    if re.search(r"\d", server):
        return Finding(title, "note", f"Told to everybody: {server}")
    return Finding(title, "good", "Not told.")


def _cookies(headers: Headers, https: bool) -> Iterator[Finding]:
    for cookie in headers.get_list("Set-Cookie"):
        name, *attributes = [part.strip() for part in cookie.split(";")]
        said = {attribute.split("=")[0].lower() for attribute in attributes}
        wanted = {"samesite", "secure"} if https else {"samesite"}
        missing = sorted(wanted - said)
        title = f"Cookie {name.split('=')[0]}"
        if missing:
            yield Finding(title, "weak", f"Without {' and '.join(missing)}.")
        else:
            yield Finding(title, "good", "Secure and SameSite." if https else "SameSite.")

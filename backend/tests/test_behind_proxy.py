"""The real server behind a proxy that ends TLS: only the header nginx sets tells the scheme."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.served import HOST, default_command

HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with default_command(tmp_path_factory.mktemp("served"), "behind_proxy") as running:
        yield running


def test_a_visitor_over_https_gets_cookies_for_https_only(served):
    page = served.ask("/sign-in/", HTTPS)
    assert page.status == 200
    cookie = SimpleCookie(page.headers["Set-Cookie"])["csrftoken"]
    assert (cookie["secure"], cookie["samesite"]) == (True, "Lax")
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-Proto": "http"},
        # In other words than nginx's, by which a visitor could claim HTTPS past it.
        {"X-Forwarded-Protocol": "https"},
        {"X-Forwarded-Scheme": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"X-Url-Scheme": "https"},
        {"Front-End-Https": "on"},
        {"Forwarded": "proto=https"},
        {"X_Forwarded_Proto": "https"},
        {"X-Forwarded-Proto": "http", "X_Forwarded_Proto": "https"},
    ],
)
def test_everybody_else_is_sent_to_https_and_gets_no_cookie(served, headers):
    answer = served.ask("/sign-in/?page=2", headers)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/sign-in/?page=2")
    assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"])
def test_no_header_but_host_names_the_site(served, header):
    value = "host=elsewhere.example" if header == "Forwarded" else "elsewhere.example"
    answer = served.ask("/sign-in/", {header: value})
    assert answer.headers["Location"] == f"https://{HOST}/sign-in/"
    assert served.ask("/sign-in/", HTTPS | {"Host": "elsewhere.example"}).status == 400


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{HOST}", 200),  # the form again: the password is wrong
        (f"http://{HOST}", 403),
        ("https://elsewhere.example", 403),
        ("null", 403),
    ],
)
def test_a_form_counts_from_the_sites_own_pages_over_https_only(served, origin, status):
    page = served.ask("/sign-in/", HTTPS)
    cookie = SimpleCookie(page.headers["Set-Cookie"])["csrftoken"].value
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    form = {"username": "nobody", "password": "wrong", "csrfmiddlewaretoken": token}
    headers = HTTPS | {"Cookie": f"csrftoken={cookie}", "Origin": origin}
    answer = served.ask("/sign-in/", headers, "POST", urlencode(form).encode())
    assert answer.status == status


def test_the_log_names_the_visitor_as_nginx_passes_it_on(served):
    headers = HTTPS | {"X-Real-IP": "198.51.100.7", "X-Forwarded-For": "192.0.2.9, 198.51.100.7"}
    served.ask("/sign-in/?seen=1", headers).read()
    (line,) = served.logged("/sign-in/?seen=1")
    assert line.startswith(f'198.51.100.7 "192.0.2.9, 198.51.100.7" https://{HOST} [')


def test_a_header_cannot_forge_a_line_of_the_log(served):
    forged = '1.1.1.1" https://other.example [now] "GET /forged HTTP/1.1'
    served.ask("/sign-in/?seen=2", HTTPS | {"X-Forwarded-For": forged}).read()
    (line,) = served.logged("/sign-in/?seen=2")
    assert '\\" https://other.example' in line

"""Scans of sites that the configuration does not name: with consent, at a rate, if public."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from scans import tasks
from scans.models import Scan
from scans.scanner.addresses import PrivateAddressError, is_public, public_address
from scans.scanner.finding import Finding
from scans.scanner.scan import scan

SITE = "https://www.elsewhere.org/"


@pytest.fixture(autouse=True)
def outside(settings):
    settings.SCAN_OUTSIDE = True
    settings.OUTSIDE_SCANS_PER_HOUR = 3


def request(api, url=SITE, **given):
    return api.post("/api/scans/", {"url": url, **given})


def reason(answer):
    assert answer.status_code == 400
    return answer.json()["url"][0]


def test_the_page_gets_the_words_to_confirm(api, settings):
    words = "I run this site, or its owner asked me to scan it."
    assert api.get("/api/overview/").json()["consent"] == words
    settings.SCAN_OUTSIDE = False
    assert api.get("/api/overview/").json()["consent"] == ""


@pytest.mark.parametrize("given", [{}, {"consent": False}])
def test_without_consent_nothing_is_requested(api, sent, given):
    assert "Confirm: I run this site" in reason(request(api, **given))
    assert not Scan.objects.exists()


def test_consent_is_kept_with_who_gave_it(api, user, sent):
    assert request(api, consent=True).status_code == 201
    kept = Scan.objects.get()
    assert (kept.outside_host, kept.requested_by) == ("www.elsewhere.org", user)


def test_a_configured_site_needs_none(api, sent):
    assert request(api, "https://target.test/").status_code == 201
    assert Scan.objects.get().outside_host == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://postgres/",
        "http://localhost/",
        "http://10.0.0.5/",
        "http://93.184.216.34/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://www.elsewhere.org:8443/",
        "http://www.elsewhere.org:443/",
        "https://-x.org/",
    ],
)
def test_addresses_names_without_a_dot_and_other_ports_are_refused_even_with_consent(
    api, sent, url
):
    assert "may not be scanned" in reason(request(api, url, consent=True))


def test_switched_off_only_configured_sites_are_scanned(api, settings):
    settings.SCAN_OUTSIDE = False
    assert "may not be scanned" in reason(request(api, consent=True))


def test_a_site_is_scanned_once_a_minute_whoever_asks(api, sent):
    assert request(api, consent=True).status_code == 201
    again = request(api, "http://WWW.elsewhere.org/other", consent=True)
    assert "within the last minute" in reason(again)
    Scan.objects.update(requested_at=timezone.now() - timedelta(seconds=61))
    assert request(api, consent=True).status_code == 201


def test_a_user_has_so_many_an_hour(api, sent):
    for number in range(3):
        assert request(api, f"https://site{number}.org/", consent=True).status_code == 201
    assert "the limit" in reason(request(api, consent=True))
    assert request(api, "https://target.test/").status_code == 201
    Scan.objects.update(requested_at=timezone.now() - timedelta(minutes=61))
    assert request(api, consent=True).status_code == 201


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.5", False),
        ("172.18.0.2", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.5", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::10.0.0.5", False),
        ("2002:0a00:0005::1", False),
    ],
)
def test_only_public_addresses_are_public(address, public):
    assert is_public(address) is public


def answers(monkeypatch, *addresses):
    asked = []

    def getaddrinfo(host, port, **options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_with_any_private_address_is_refused(monkeypatch):
    answers(monkeypatch, "93.184.216.34", "10.0.0.5")
    with pytest.raises(PrivateAddressError, match=r"leads to 10\.0\.0\.5"):
        public_address("www.elsewhere.org", 443)


def test_a_scan_of_it_fails_with_the_reason_and_connects_to_nothing(db, monkeypatch):
    answers(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it connects"))
    asked = Scan.objects.create(url=SITE, outside_host="www.elsewhere.org")
    tasks.run_scan(str(asked.pk))
    assert asked.result.grade == "failed"
    assert "not a public address" in asked.result.findings[0]["detail"]


def test_dns_is_asked_once_so_that_it_cannot_answer_otherwise_later(monkeypatch):
    asked = answers(monkeypatch, "93.184.216.34")
    connected = []

    def connect(at, *_, **__):
        connected.append(at)
        raise OSError("closed")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Exception, match="gave no answer"):
        scan("http://www.elsewhere.org/", 1, only_public=True)
    with pytest.raises(Exception, match="gave no answer"):
        scan(SITE, 1, only_public=True)
    assert asked == ["www.elsewhere.org"] * 2
    assert {address for address, _ in connected} == {"93.184.216.34"}


def test_a_schedule_for_such_a_site_scans_nothing(transactional_db, sent, monkeypatch):
    monkeypatch.setattr(tasks, "scan", lambda *_, **__: [Finding("Header", "good", "")])
    tasks.scheduled_scan.apply(args=[SITE])
    asked = Scan.objects.get()
    tasks.run_scan(str(asked.pk))
    assert (asked.result.grade, asked.result.findings[0]["title"]) == ("failed", "Not scanned")

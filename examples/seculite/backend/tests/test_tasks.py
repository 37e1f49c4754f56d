from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from scans import requests, tasks
from scans.models import Result, Scan
from scans.scanner.finding import Finding
from scans.scanner.scan import ScanError
from tests.conftest import files

URL = "https://target.test/"


@pytest.fixture
def looked(monkeypatch):
    """A scan that finds one weak point, and how often it was done."""
    done = []

    def scan(url, timeout, only_public):
        done.append(url)
        return [Finding("Header", "weak", "Missing.")]

    monkeypatch.setattr(tasks, "scan", scan)
    return done


def test_a_delivery_gives_a_result_and_its_file(db, looked):
    scan = Scan.objects.create(url=URL)
    tasks.run_scan(str(scan.pk))
    assert scan.result.grade == "fair"
    assert [str(path) for path in files()] == [scan.result.file.path]


def test_another_delivery_changes_nothing(db, looked):
    scan = Scan.objects.create(url=URL)
    tasks.run_scan(str(scan.pk))
    tasks.run_scan(str(scan.pk))
    assert (looked, len(files()), Result.objects.count()) == ([URL], 1, 1)


def test_of_two_attempts_at_a_time_the_first_counts_and_the_other_leaves_no_file(db, monkeypatch):
    scan = Scan.objects.create(url=URL)

    def other_is_faster(url, timeout, only_public):
        tasks.keep(Scan.objects.get(), "good", [])
        return [Finding("Header", "bad", "Missing.")]

    monkeypatch.setattr(tasks, "scan", other_is_faster)
    tasks.run_scan(str(scan.pk))
    assert (Result.objects.get().grade, len(files())) == ("good", 1)


def test_what_gives_no_answer_has_a_result_that_says_so(db, monkeypatch):
    def refused(url, timeout, only_public):
        raise ScanError("It gave no answer.")

    monkeypatch.setattr(tasks, "scan", refused)
    scan = Scan.objects.create(url=URL)
    tasks.run_scan(str(scan.pk))
    assert (scan.result.grade, scan.result.findings[0]["detail"]) == (
        "failed",
        "It gave no answer.",
    )


def test_what_the_configuration_no_longer_allows_is_not_scanned(db, looked):
    scan = Scan.objects.create(url="https://gone.test/")
    tasks.run_scan(str(scan.pk))
    assert (looked, scan.result.grade) == ([], "failed")


def test_a_run_of_the_schedule_that_comes_twice_requests_one_scan(transactional_db, sent):
    run = str(uuid4())
    for _ in range(2):
        tasks.scheduled_scan.apply(args=[URL], task_id=run)
    assert (Scan.objects.get().scheduled, len(sent)) == (True, 1)


def test_what_redis_never_got_or_has_lost_is_sent_again(db, sent):
    now, long_ago = timezone.now(), timezone.now() - timedelta(hours=1)
    never = Scan.objects.create(url=URL)
    lost = Scan.objects.create(url=URL, sent_at=long_ago)
    under_way = Scan.objects.create(url=URL, sent_at=now)
    done = Scan.objects.create(url=URL, sent_at=long_ago)
    Result.objects.create(scan=done, grade="good", worker="w")
    Scan.objects.exclude(pk=under_way.pk).update(requested_at=long_ago)
    assert requests.send_forgotten() == 2
    assert set(sent) == {str(never.pk), str(lost.pk)}

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mails.models import Attachment, Mail

pytestmark = pytest.mark.django_db


def references(answer):
    assert answer.status_code == 200, answer.json()
    return [mail["reference"] for mail in answer.json()["results"]]


def search(api, **query):
    return references(api.get("/api/mails/", query))


@pytest.fixture
def three_mails(make_mail, colleague):
    today = timezone.localdate()
    make_mail("A-1", subject="Rent", status="done", mail_date=date(2026, 1, 1))
    make_mail("B-2", sender="City Council", direction="out", mail_date=date(2026, 1, 2))
    make_mail(
        "C-3",
        assignee=colleague,
        mail_date=today - timedelta(days=9),
        due_date=today - timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"A-1", "B-2", "C-3"}),
        ({"status": "done"}, {"A-1"}),
        ({"status": ["done", "new"]}, {"A-1", "B-2", "C-3"}),
        ({"direction": "out"}, {"B-2"}),
        ({"assignee": "jonas"}, {"C-3"}),
        ({"unassigned": "true"}, {"A-1", "B-2"}),
        ({"overdue": "true"}, {"C-3"}),
        ({"overdue": "false"}, {"A-1", "B-2"}),
        ({"mail_date_after": "2026-01-02", "mail_date_before": "2026-01-02"}, {"B-2"}),
        ({"search": "rent"}, {"A-1"}),
        ({"search": "CoUnC"}, {"B-2"}),
        ({"search": "c-3"}, {"C-3"}),
        ({"search": "100%"}, set()),
        ({"search": "council", "status": "done"}, set()),
    ],
)
def test_mails_are_found(api, three_mails, query, found):
    assert set(search(api, **query)) == found


def test_a_wrong_filter_is_refused_rather_than_ignored(api):
    answer = api.get("/api/mails/", {"status": "lost"})
    assert answer.status_code == 400
    assert "status" in answer.json()


def test_the_newest_mail_is_first_unless_asked_otherwise(api, make_mail):
    make_mail("OLD", mail_date=date(2026, 1, 1))
    make_mail("NEW", mail_date=date(2026, 2, 1))
    assert search(api) == ["NEW", "OLD"]
    assert search(api, ordering="mail_date") == ["OLD", "NEW"]


def test_pages_hold_every_mail_once_even_when_dates_are_equal(api, make_mail):
    expected = {make_mail(f"M-{number}").reference for number in range(7)}
    pages = [search(api, page=page, page_size=3, ordering="status") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert {reference for page in pages for reference in page} == expected
    assert api.get("/api/mails/", {"page": 4, "page_size": 3}).status_code == 404


def test_a_page_has_a_largest_size(api, make_mail):
    for number in range(101):
        make_mail(f"M-{number}")
    answer = api.get("/api/mails/", {"page_size": 1000}).json()
    assert (answer["count"], len(answer["results"])) == (101, 100)


def test_the_list_needs_as_many_queries_for_many_mails_as_for_one(
    api, make_mail, user, django_user_model
):
    def queries_for_the_list():
        with CaptureQueriesContext(connection) as queries:
            assert search(api)
        return len(queries)

    def add(number):
        assignee = django_user_model.objects.create_user(f"user-{number}")
        mail = make_mail(f"M-{number}", assignee=assignee)
        Attachment.objects.create(
            mail=mail, stored_name=f"{number}.pdf", original_name="x", size=1, uploaded_by=user
        )

    add(0)
    one = queries_for_the_list()
    for number in range(1, 20):
        add(number)
    assert queries_for_the_list() == one == 3  # who asks, how many, which


def test_the_list_counts_attachments(api, upload, mail):
    upload()
    upload()
    assert api.get("/api/mails/").json()["results"][0]["attachment_count"] == 2


def test_the_search_can_use_its_index(make_mail):
    for number in range(50):
        make_mail(f"M-{number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() == (0,):
            pytest.skip("this server has no pg_trgm, so no index was made")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Mail.objects.order_by().filter(subject__icontains="council").explain()
    assert "mail_search" in plan

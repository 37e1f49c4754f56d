from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def digest() -> list[str]:
    out = StringIO()
    call_command("overdue_digest", stdout=out)
    return out.getvalue().splitlines()


def test_lists_overdue_mails_by_person_the_latest_first(make_mail, user, colleague, today):
    late = {"mail_date": today - timedelta(days=30)}
    make_mail("IN-1", due_date=today - timedelta(days=1), assignee=user, **late)
    make_mail("IN-2", due_date=today - timedelta(days=9), assignee=user, **late)
    make_mail("IN-3", due_date=today - timedelta(days=2), assignee=colleague, **late)
    make_mail("IN-4", due_date=today - timedelta(days=3), **late)
    day = {days: today - timedelta(days=days) for days in (1, 2, 3, 9)}
    assert digest() == [
        f"Overdue on {today}: 4 mails.",
        "Assigned to nobody:",
        f"  IN-4  due {day[3]}, 3 days late: Invoice for paper",
        "jonas:",
        f"  IN-3  due {day[2]}, 2 days late: Invoice for paper",
        "maria:",
        f"  IN-2  due {day[9]}, 9 days late: Invoice for paper",
        f"  IN-1  due {day[1]}, 1 day late: Invoice for paper",
    ]


def test_leaves_out_what_is_due_today_done_or_without_a_date(make_mail, today):
    late = {"mail_date": today - timedelta(days=30)}
    make_mail("IN-1", due_date=today, **late)
    make_mail("IN-2", due_date=today - timedelta(days=1), status="done", **late)
    make_mail("IN-3", due_date=today - timedelta(days=1), status="archived", **late)
    make_mail("IN-4", **late)
    assert digest() == [f"Overdue on {today}: 0 mails."]


def test_counts_one_mail_as_one(make_mail, today):
    make_mail("IN-1", due_date=today - timedelta(days=1), mail_date=today - timedelta(days=2))
    assert digest()[0] == f"Overdue on {today}: 1 mail."


def test_reads_all_mails_in_one_query(make_mail, user, today, django_assert_num_queries):
    for number in range(5):
        dates = {"due_date": today - timedelta(days=1), "mail_date": today - timedelta(days=2)}
        make_mail(f"IN-{number}", assignee=user, **dates)
    with django_assert_num_queries(1):
        digest()

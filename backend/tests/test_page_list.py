import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mails.models import Attachment, Mail

pytestmark = pytest.mark.django_db


def page(browser, **query):
    answer = browser.get("/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def references(browser, **query):
    return re.findall(r'class="reference">([^<]+)<', page(browser, **query))


@pytest.fixture
def three_mails(make_mail, colleague):
    today = timezone.localdate()
    make_mail("A-1", subject="Rent", status="done", mail_date=date(2026, 1, 1))
    make_mail("B-2", sender="City Council", direction="out", mail_date=date(2026, 1, 2))
    make_mail(
        "C-3",
        assignee=colleague,
        status="in_progress",
        mail_date=today - timedelta(days=9),
        due_date=today - timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "C-3 B-2 A-1"),
        ({"search": "rent"}, "A-1"),
        ({"search": "council b-2"}, "B-2"),
        ({"search": "council rent"}, ""),
        ({"search": "100%"}, ""),
        ({"status": "done"}, "A-1"),
        ({"status": "open"}, "C-3 B-2"),
        ({"direction": "out"}, "B-2"),
        ({"assignee": "jonas"}, "C-3"),
        ({"assignee": "-"}, "B-2 A-1"),
        ({"date_from": "2026-01-02", "date_to": "2026-01-02"}, "B-2"),
        ({"overdue": "on"}, "C-3"),
        ({"ordering": "mail_date"}, "A-1 B-2 C-3"),
        ({"ordering": "-reference"}, "C-3 B-2 A-1"),
        ({"ordering": "due_date"}, "C-3 B-2 A-1"),
        ({"ordering": "-due_date"}, "C-3 B-2 A-1"),
        ({"ordering": "password"}, "C-3 B-2 A-1"),
        ({"status": "done", "search": "council"}, ""),
    ],
)
def test_mails_are_found_and_put_in_order(browser, three_mails, query, found):
    assert references(browser, **query) == found.split()


def test_a_wrong_date_is_told_and_the_rest_still_counts(browser, three_mails):
    text = page(browser, date_from="soon", status="done")
    assert "This is not a date" in text
    assert references(browser, date_from="soon", status="done") == ["A-1"]


def test_the_quick_views_say_how_many_there_are(browser, three_mails, user):
    Mail.objects.filter(reference="B-2").update(assignee=user)
    numbers = re.findall(r'(\w+) <span class="number">(\d+)</span>', page(browser))
    assert numbers == [("All", "3"), ("Open", "2"), ("Mine", "1"), ("Overdue", "1")]
    assert references(browser, status="open", assignee="maria") == ["B-2"]


def test_the_present_view_and_order_are_marked(browser, three_mails):
    text = page(browser, status="open", ordering="due_date")
    assert re.search(r'href="/\?status=open" aria-current="true"', text)
    assert re.search(r'aria-sort="ascending"><a href="\?status=open&amp;ordering=-due_date"', text)


def test_there_are_fifty_a_page_and_links_keep_the_question(browser, make_mail):
    for number in range(101):
        make_mail(f"M-{number:03}", subject="Rent")
    make_mail("OTHER")
    pages = [references(browser, search="rent", page=number) for number in (1, 2, 3)]
    assert [len(one) for one in pages] == [50, 50, 1]
    assert len({reference for one in pages for reference in one}) == 101
    text = page(browser, search="rent", page=2)
    assert 'href="?search=rent&amp;page=3"' in text
    assert "101 mails found, 51 to 100 shown" in text
    assert references(browser, search="rent", page=99) == pages[2]


def test_what_people_type_is_text_and_not_markup(browser, make_mail):
    make_mail("X", subject="<script>alert(1)</script>")
    assert "<script>alert" not in page(browser, search="<script>")


def test_an_empty_list_says_what_to_do(browser, mail):
    assert "No mail matches" in page(browser, search="zzz")
    Mail.objects.all().delete()
    assert "No mails yet" in page(browser)


def test_it_needs_as_many_queries_for_many_mails_as_for_one(
    browser, make_mail, user, django_user_model
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(browser)
        return len(captured)

    def add(number):
        assignee = django_user_model.objects.create_user(f"user-{number}")
        mail = make_mail(f"M-{number}", assignee=assignee)
        Attachment.objects.create(
            mail=mail, stored_name=f"{number}.pdf", original_name="x", size=1, uploaded_by=user
        )

    add(0)
    one = queries()
    for number in range(1, 20):
        add(number)
    assert queries() == one == 6  # session, user, assignees, numbers, how many, which


def test_pdfs_are_counted(browser, upload, mail):
    upload()
    upload()
    assert re.search(r'data-label="PDFs">2<', page(browser))


def test_trial_mails_are_the_same_each_time_and_never_mixed_with_others(browser, user):
    call_command("seed_mails", "--count", "120")
    first = list(Mail.objects.order_by("reference").values_list("reference", "subject", "status"))
    assert len(first) == 120
    with pytest.raises(CommandError, match="120 mails already"):
        call_command("seed_mails", "--count", "1")
    call_command("seed_mails", "--count", "30", "--add")
    assert Mail.objects.count() == 150
    Mail.objects.all().delete()
    call_command("seed_mails", "--count", "120")
    again = Mail.objects.order_by("reference").values_list("reference", "subject", "status")
    assert list(again) == first
    assert len(references(browser)) == 50


def test_trial_mails_need_somebody_who_made_them(django_user_model):
    with pytest.raises(CommandError, match="no user"):
        call_command("seed_mails", "--count", "1")

import re

import pytest

from mails import history
from mails.models import Mail

pytestmark = pytest.mark.django_db

NEW = {
    "reference": "OUT-2026-007",
    "direction": "out",
    "subject": "Offer",
    "sender": "Office",
    "recipient": "Client",
    "mail_date": "2026-03-01",
    "due_date": "2026-03-31",
    "status": "new",
    "assignee": "",
}


def text(answer):
    return answer.content.decode()


def form_of(browser, path):
    """What a browser would send back, had its reader changed nothing."""
    form = browser.get(path).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in values.items()}


def test_a_mail_is_registered(browser, user):
    assert text(browser.get("/mails/new/")).count("<label") >= 9
    answer = browser.post("/mails/new/", NEW, follow=True)
    mail = Mail.objects.get()
    assert answer.redirect_chain == [(f"/mails/{mail.pk}/", 302)]
    assert (mail.created_by, mail.subject, mail.assignee) == (user, "Offer", None)
    assert "OUT-2026-007 is registered" in text(answer)


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"reference": "IN-2026-001"}, "reference", "has this reference already"),
        ({"subject": ""}, "subject", "required"),
        ({"mail_date": "soon"}, "mail_date", "not a date"),
        ({"due_date": "2026-02-01"}, "due_date", "must not lie before"),
        ({"direction": "up"}, "direction", "valid choice"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(browser, mail, values, field, says):
    answer = browser.post("/mails/new/", NEW | values)
    assert answer.status_code == 400
    assert 'role="alert"' in text(answer)
    assert f'id="id_{field}_error"' in text(answer)
    assert re.search(rf'aria-describedby="[^"]*id_{field}_error"', text(answer))
    assert says in text(answer)
    assert Mail.objects.count() == 1


def test_a_mail_is_shown_with_all_there_is_to_it(browser, upload, mail, colleague):
    upload(name="offer & order.pdf")
    history.edit(mail.pk, {"assignee": colleague, "status": "in_progress"}, colleague)
    page = text(browser.get(f"/mails/{mail.pk}/"))
    for shown in ("IN-2026-001", "Invoice for paper", "Paper Mill", "2 March 2026", "In progress"):
        assert shown in page
    assert "offer &amp; order.pdf" in page
    assert "PDF attached" in page


def test_status_and_assignee_are_changed_where_the_mail_is_shown(browser, mail, colleague):
    path = f"/mails/{mail.pk}/"
    form = form_of(browser, path) | {"status": "done", "assignee": colleague.pk}
    assert "is saved" in text(browser.post(path, form, follow=True))
    assert set(mail.changes.values_list("field", "new")) == {
        ("status", "Done"),
        ("assignee", "jonas"),
    }


def test_every_field_is_edited_and_the_history_says_so(browser, mail):
    path = f"/mails/{mail.pk}/edit/"
    form = form_of(browser, path) | {"subject": "Another", "due_date": "2026-04-01"}
    assert browser.post(path, form).url == f"/mails/{mail.pk}/"
    mail.refresh_from_db()
    assert (mail.subject, str(mail.due_date)) == ("Another", "2026-04-01")
    assert set(mail.changes.values_list("field", flat=True)) == {"subject", "due_date"}


def test_of_two_who_edit_different_fields_both_keep_their_changes(browser, mail, colleague):
    path = f"/mails/{mail.pk}/edit/"
    form = form_of(browser, path) | {"subject": "Mine"}
    history.edit(mail.pk, {"recipient": "Theirs"}, colleague)
    assert browser.post(path, form).status_code == 302
    mail.refresh_from_db()
    assert (mail.subject, mail.recipient) == ("Mine", "Theirs")


def test_what_another_made_of_the_same_field_is_shown_before_it_is_overwritten(
    browser, mail, colleague
):
    path = f"/mails/{mail.pk}/edit/"
    form = form_of(browser, path) | {"subject": "Mine"}
    history.edit(mail.pk, {"subject": "Theirs", "recipient": "Theirs too"}, colleague)

    answer = browser.post(path, form)
    assert "jonas changed this to “Theirs” meanwhile" in text(answer)
    assert "“Mine”" in text(answer)
    mail.refresh_from_db()
    assert mail.subject == "Theirs"

    shown = answer.context["form"]
    again = {field.html_name: field.value() for field in shown}
    assert (again["subject"], again["recipient"]) == ("Mine", "Theirs too")
    assert browser.post(path, again).status_code == 302
    mail.refresh_from_db()
    assert (mail.subject, mail.recipient) == ("Mine", "Theirs too")


def test_a_conflict_of_the_quick_form_is_shown_as_well(browser, mail, colleague):
    path = f"/mails/{mail.pk}/"
    form = form_of(browser, path) | {"status": "done"}
    history.edit(mail.pk, {"status": "archived"}, colleague)
    answer = browser.post(path, form)
    assert answer.status_code == 409
    assert "jonas changed this to “Archived” meanwhile" in text(answer)
    assert browser.post(path, form_of_answer(answer)).status_code == 302
    mail.refresh_from_db()
    assert mail.status == "done"


def form_of_answer(answer):
    return {field.html_name: field.value() or "" for field in answer.context["form"]}


def test_two_who_do_the_same_do_not_quarrel(browser, mail, colleague):
    path = f"/mails/{mail.pk}/"
    form = form_of(browser, path) | {"status": "done"}
    history.edit(mail.pk, {"status": "done"}, colleague)
    assert browser.post(path, form).status_code == 302
    assert mail.changes.count() == 1


def test_a_colleague_who_left_keeps_their_mails_but_gets_no_new_ones(browser, make_mail, colleague):
    theirs, other = make_mail("A", assignee=colleague), make_mail("B")
    colleague.is_active = False
    colleague.save()
    assert ">jonas<" in text(browser.get(f"/mails/{theirs.pk}/edit/"))
    assert ">jonas<" not in text(browser.get(f"/mails/{other.pk}/edit/"))


def test_a_mail_needs_few_queries_whatever_its_history(
    browser, mail, upload, colleague, django_assert_max_num_queries
):
    for number in range(5):
        upload(name=f"{number}.pdf")
        history.edit(mail.pk, {"subject": f"Subject {number}"}, colleague)
    with django_assert_max_num_queries(6):
        browser.get(f"/mails/{mail.pk}/")

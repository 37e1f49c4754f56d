import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mails import history
from mails.models import Attachment, Change, Mail
from tests.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


def lines(mail):
    changes = mail.changes.order_by("pk")
    return [(change.by.username, change.field, change.old, change.new) for change in changes]


def test_the_api_writes_who_changed_what(api, mail, colleague):
    path = f"/api/mails/{mail.pk}/"
    body = {"status": "in_progress", "assignee": "jonas", "due_date": "2026-03-09"}
    assert api.patch(path, body).status_code == 200
    signed_in(colleague).patch(path, {"assignee": None, "subject": mail.subject})
    assert sorted(lines(mail)) == sorted(
        [
            ("maria", "status", "New", "In progress"),
            ("maria", "assignee", "", "jonas"),
            ("maria", "due_date", "", "2026-03-09"),
            ("jonas", "assignee", "jonas", ""),
        ]
    )


def test_the_api_tells_the_history_newest_first_and_read_only(api, client, mail):
    api.patch(f"/api/mails/{mail.pk}/", {"status": "done"})
    api.patch(f"/api/mails/{mail.pk}/", {"status": "archived"})
    path = f"/api/mails/{mail.pk}/history/"
    first, second = api.get(path).json()["results"]
    assert (first["by"], first["field"], first["old"], first["new"]) == (
        "maria",
        "status",
        "Done",
        "Archived",
    )
    assert first["at"] > second["at"]
    assert api.post(path, {}).status_code == 405
    assert api.get("/api/mails/999/history/").status_code == 404
    assert client.get(path).status_code == 401


def test_a_change_and_its_trace_stand_or_fall_together(mail, user, monkeypatch):
    def fail(changes):
        raise IntegrityError

    monkeypatch.setattr(Change.objects, "bulk_create", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        history.edit(mail.pk, {"status": "done"}, user)
    assert Mail.objects.get().status == "new"


def test_only_what_was_changed_is_written(mail, user):
    """Of two who read a mail, the second to save does not undo the first one's change."""
    history.edit(mail.pk, {"subject": "Changed by someone else"}, user)
    history.edit(mail.pk, {"status": "done"}, user)
    saved = Mail.objects.get()
    assert (saved.subject, saved.status) == ("Changed by someone else", "done")
    assert saved.updated_at > mail.updated_at


@pytest.fixture
def admin(django_user_model):
    django_user_model.objects.create_superuser("chief", password=PASSWORD)
    client = Client()
    assert client.login(username="chief", password=PASSWORD)
    return client


def test_the_admin_writes_it_too(admin, mail, upload):
    upload()
    form = {
        **{name: getattr(mail, name) for name in ("reference", "direction", "sender", "recipient")},
        "subject": "By hand",
        "mail_date": "2026-03-02",
        "status": "done",
        "attachments-TOTAL_FORMS": 0,
        "attachments-INITIAL_FORMS": 0,
    }
    assert admin.post(f"/admin/mails/mail/{mail.pk}/change/", form).status_code == 302
    pk = Attachment.objects.get().pk
    admin.post(f"/admin/mails/attachment/{pk}/delete/", {"post": "yes"})
    assert lines(mail) == [
        ("maria", "pdf", "", "letter.pdf"),
        ("chief", "subject", "Invoice for paper", "By hand"),
        ("chief", "status", "New", "Done"),
        ("chief", "pdf", "letter.pdf", ""),
    ]


def test_the_admin_removes_several_pdfs_with_a_trace_of_each(admin, mail, upload):
    chosen = [upload(name=name).json()["id"] for name in ("one.pdf", "two.pdf")]
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    admin.post("/admin/mails/attachment/", form)
    assert not Attachment.objects.exists()
    assert {line[2] for line in lines(mail)[2:]} == {"one.pdf", "two.pdf"}


def test_attaching_and_removing_a_pdf_leave_a_trace(api, mail, upload):
    pk = upload(name="offer.pdf").json()["id"]
    api.delete(f"/api/attachments/{pk}/")
    assert lines(mail) == [
        ("maria", "pdf", "", "offer.pdf"),
        ("maria", "pdf", "offer.pdf", ""),
    ]


def test_a_refused_pdf_leaves_none(mail, upload):
    assert upload(b"no pdf").status_code == 400
    assert lines(mail) == []


def test_a_deleted_mail_takes_its_history_along(api, mail, upload):
    upload()
    assert api.delete(f"/api/mails/{mail.pk}/").status_code == 204
    assert not Change.objects.exists()

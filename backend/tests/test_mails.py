import pytest

from mails.models import Mail
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

NEW = {
    "reference": "OUT-2026-007",
    "direction": "out",
    "subject": "Offer",
    "sender": "Office",
    "recipient": "Client",
    "mail_date": "2026-03-01",
    "due_date": "2026-03-31",
    "assignee": "jonas",
}


def test_a_mail_is_created_by_who_sends_it(api, user, colleague):
    answer = api.post("/api/mails/", NEW)
    assert answer.status_code == 201, answer.json()
    mail = Mail.objects.get()
    assert (mail.created_by, mail.assignee, mail.status) == (user, colleague, "new")
    assert answer.json()["assignee"] == "jonas"
    assert answer.json()["created_by"] == "maria"


def test_created_by_cannot_be_chosen(api, user, colleague):
    api.post("/api/mails/", {**NEW, "created_by": "jonas"})
    assert Mail.objects.get().created_by == user


def test_a_mail_is_read_changed_replaced_and_deleted(api, mail, colleague):
    path = f"/api/mails/{mail.pk}/"
    assert api.get(path).json()["reference"] == mail.reference
    assert api.patch(path, {"status": "done"}).json()["status"] == "done"
    assert api.put(path, NEW).json()["subject"] == "Offer"
    assert api.delete(path).status_code == 204
    answer = api.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")


def test_a_reference_is_used_once(api, mail, colleague):
    answer = api.post("/api/mails/", {**NEW, "reference": mail.reference})
    assert answer.status_code == 400
    assert "reference" in answer.json()
    assert Mail.objects.count() == 1


def test_a_reference_taken_meanwhile_is_a_conflict_in_json(api, mail, colleague, monkeypatch):
    monkeypatch.setattr("rest_framework.validators.UniqueValidator.__call__", lambda *a: None)
    answer = api.post("/api/mails/", {**NEW, "reference": mail.reference})
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.json()["detail"]


def test_all_wrong_fields_are_named_at_once(api):
    answer = api.post("/api/mails/", {"direction": "up", "mail_date": "soon", "assignee": "nobody"})
    assert answer.status_code == 400
    wrong = {"reference", "direction", "subject", "sender", "recipient", "mail_date", "assignee"}
    assert set(answer.json()) == wrong


def test_a_mail_is_not_due_before_it_came(api, mail, colleague):
    assert "due_date" in api.post("/api/mails/", {**NEW, "due_date": "2026-02-01"}).json()
    answer = api.patch(f"/api/mails/{mail.pk}/", {"due_date": "2026-01-01"})
    assert answer.status_code == 400
    assert "due_date" in answer.json()


def test_a_mail_is_deleted_by_its_creator_or_staff_only(mail, colleague):
    path = f"/api/mails/{mail.pk}/"
    client = signed_in(colleague)
    assert client.patch(path, {"status": "done"}).status_code == 200
    assert client.delete(path).status_code == 403
    colleague.is_staff = True
    colleague.save()
    assert client.delete(path).status_code == 204


def test_an_unknown_address_is_answered_in_json(api):
    answer = api.get("/api/nothing/")
    assert answer.status_code == 404
    assert answer.json()["detail"]

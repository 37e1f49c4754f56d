import pytest
from django.core.management import call_command
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_schema_describes_the_api_without_a_warning(client, tmp_path):
    path = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    assert "/api/mails/{mail_id}/attachments/" in path.read_text()
    assert client.get("/api/schema/").status_code == 200


@pytest.fixture
def admin(django_user_model):
    django_user_model.objects.create_superuser("chief", password=PASSWORD)
    client = Client()
    assert client.login(username="chief", password=PASSWORD)
    return client


def test_the_admin_shows_mails_and_their_pdfs(admin, upload, mail):
    upload(name="<b>bold</b>.pdf")
    for path in ("mail/", "attachment/", f"mail/{mail.pk}/change/", "mail/?q=invoice"):
        page = admin.get(f"/admin/mails/{path}")
        assert page.status_code == 200
        assert "<b>bold</b>" not in page.content.decode()
    assert admin.get("/admin/mails/attachment/add/").status_code == 403


def test_a_mail_made_in_the_admin_belongs_to_who_made_it(admin, django_user_model):
    form = {
        "reference": "ADM-1",
        "direction": "in",
        "subject": "By hand",
        "sender": "A",
        "recipient": "B",
        "mail_date": "2026-05-01",
        "due_date": "2026-04-01",
        "status": "new",
        "attachments-TOTAL_FORMS": 0,
        "attachments-INITIAL_FORMS": 0,
    }
    page = admin.post("/admin/mails/mail/add/", form)
    assert "must not lie before" in page.content.decode()
    assert admin.post("/admin/mails/mail/add/", form | {"due_date": ""}).status_code == 302
    chief = django_user_model.objects.get(username="chief")
    assert chief.created_mails.get().reference == "ADM-1"

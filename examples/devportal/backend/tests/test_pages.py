import re

from fastapi.testclient import TestClient

from devportal.app import create_app
from tests.conftest import PASSWORD

CREDENTIALS = {"email": "ada@example.org", "password": PASSWORD}
HTML = {"Accept": "text/html"}


def test_who_signs_up_makes_and_revokes_a_key(client):
    assert client.get("/keys").headers["location"] == "/sign-in"
    assert client.post("/sign-up", data=CREDENTIALS).headers["location"] == "/keys"
    made = client.post("/keys", data={"name": "Laptop"}).text
    [key] = re.findall(r'id="key">(dp_[\w-]+)<', made)
    assert client.get("/api/v1/notes", headers={"X-API-Key": key}).status_code == 200
    page = client.get("/keys").text
    assert "1 of 5 requests today" in page
    assert key not in page
    [action] = re.findall(r'action="(/keys/[^"]+/revoke)"', page)
    assert client.post(action).status_code == 303
    assert "Revoked on" in client.get("/keys").text
    assert client.post("/sign-out").status_code == 303
    assert client.get("/keys").status_code == 303


def test_what_is_wrong_is_told_beside_the_form(client):
    short = client.post("/sign-up", data=CREDENTIALS | {"password": "short"})
    assert (short.status_code, "Choose a password" in short.text) == (422, True)
    assert "e-mail address such as" in client.post("/sign-up", data=CREDENTIALS | {"email": "ada"}).text
    wrong = client.post("/sign-in", data=CREDENTIALS)
    assert (wrong.status_code, "Address or password is wrong" in wrong.text) == (422, True)
    client.post("/sign-up", data=CREDENTIALS)
    assert "Sign in instead" in client.post("/sign-up", data=CREDENTIALS).text
    assert "Give the key a name" in client.post("/keys", data={"name": " "}).text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.post("/sign-up", data=CREDENTIALS).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_form_of_another_site_is_refused(client):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}):
        assert client.post("/sign-up", data=CREDENTIALS, headers=headers).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert client.post("/sign-up", data=CREDENTIALS, headers=own).status_code == 303


def test_what_people_enter_is_shown_as_text(client):
    client.post("/sign-up", data=CREDENTIALS)
    assert "<b>x</b>" not in client.post("/keys", data={"name": "<b>x</b>"}).text


def test_the_docs_name_every_endpoint(client):
    page = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page


def test_in_development_the_docs_are_swagger_ui_with_assets_of_our_own(settings):
    with TestClient(create_app(settings.model_copy(update={"app_env": "development"}))) as client:
        page = client.get("/docs").text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert {"/swagger/swagger-ui.css", "/swagger/swagger-ui-bundle.js", "/swagger/start.js"} <= set(loaded)
        for path in loaded:
            assert path.startswith("/")
            assert client.get(path).status_code == 200
        assert "SwaggerUIBundle" in client.get("/swagger/swagger-ui-bundle.js").text
        assert "/openapi.json" in client.get("/swagger/start.js").text
        assert "Keep a note" in client.get("/reference").text


def test_in_production_there_is_no_swagger_ui(client):
    assert "<script" not in client.get("/docs").text
    assert client.get("/swagger/start.js").status_code == 404


def test_people_get_a_page_and_programs_get_json_when_nothing_is_there(client):
    page = client.get("/nothing", headers=HTML)
    assert (page.status_code, "There is nothing here" in page.text) == (404, True)
    assert client.get("/api/nothing", headers=HTML).json() == {"detail": "Not Found"}

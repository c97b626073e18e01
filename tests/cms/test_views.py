def test_livez_answers_without_a_database(client):
    response = client.get("/livez")

    assert response.status_code == 200
    assert response.content == b"ok"


def test_leave_without_script_goes_to_the_neutral_page(client, db):
    response = client.get("/leave/")

    assert response.status_code == 302
    assert response["Location"] == "https://www.wikipedia.org/"


def test_leave_ends_the_session(sign_in, person, liberia):
    client = sign_in(person("operator", country=liberia))

    client.get("/leave/")

    assert "_auth_user_id" not in client.session

def test_livez_answers_without_a_database(client):
    response = client.get("/livez")

    assert response.status_code == 200
    assert response.content == b"ok"

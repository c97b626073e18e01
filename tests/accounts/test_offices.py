"""The office in a form about a person: only one of the country chosen."""

import pytest
from django.urls import reverse

from accounts.models import Office, User

INVITE = reverse("accounts:invite")


@pytest.fixture
def post(haiti):
    """A border post in Haiti."""
    return Office.objects.create(country=haiti, name="Poste B", kind="border")


def listed(response):
    """Return the list of offices of a page, as drawn."""
    return response.content.decode().split('name="office"')[1].split("</select>")[0]


def test_the_offices_stand_under_their_countries(sign_in, administrator, court, post):
    words = listed(sign_in(administrator).get(INVITE))

    haiti, liberia = words.split('<optgroup label="')[1:]
    assert haiti.startswith("Haiti")
    assert "Poste B" in haiti
    assert 'data-country="HT"' in haiti
    assert liberia.startswith("Liberia")
    assert "Court A (example)" in liberia


def test_an_office_of_another_country_is_answered_with_the_offices_of_the_country_chosen(
    sign_in, administrator, court, post
):
    form = {"email": "a@office.example", "roles": ["learner"], "country": "LR", "language": "en", "office": post.pk}

    answer = sign_in(administrator).post(INVITE, form)

    assert "This office is in another country. Choose one of the country above." in answer.content.decode()
    assert "Court A (example)" in listed(answer)
    assert "Poste B" not in listed(answer)
    assert not User.objects.filter(email="a@office.example").exists()


def test_the_office_chosen_is_kept(sign_in, administrator, court, post):
    form = {"email": "a@office.example", "roles": ["learner"], "country": "HT", "language": "en", "office": post.pk}

    sign_in(administrator).post(INVITE, form)

    assert User.objects.get(email="a@office.example").office == post


@pytest.mark.parametrize("country", ["", "XX", "\0", "LR' OR 1=1"])
def test_an_odd_country_gets_an_answer(sign_in, administrator, court, country):
    form = {"email": "a@office.example", "roles": ["learner"], "country": country, "language": "en"}

    answer = sign_in(administrator).post(INVITE, form)

    assert answer.context["form"].errors["country"]

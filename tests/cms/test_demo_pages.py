import pytest

from accounts import demo as people
from cms import demo_pages
from cms.models import FrontPage, HomePage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def pages(at):
    people.make(at=at)
    demo_pages.make(at=at)


def test_make_gives_every_country_a_home(pages):
    assert sorted(HomePage.objects.values_list("slug", flat=True)) == [
        "bangladesh", "haiti", "liberia", "madagascar", "malawi", "mozambique", "tunisia",
    ]  # fmt: skip


@pytest.mark.both
def test_make_twice_changes_nothing(pages, at):
    demo_pages.make(at=at)

    assert FrontPage.objects.count() == 1
    assert StandardPage.objects.count() == 3


def test_home_answers_in_english(pages, client):
    response = client.get("/en/liberia/")

    assert response.status_code == 200
    assert "work, pay, papers or safety" in response.content.decode()


def test_standing_page_answers(pages, client):
    response = client.get("/en/privacy/")

    assert response.status_code == 200
    assert "Leave quickly" in response.content.decode()

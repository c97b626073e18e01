"""Who has a progress code and a new phone finds the way where she looks: on the front page, a home, the list of courses."""

import pytest
from wagtail.models import Site

LINK = '<a href="/en/learning/code/">I have a code</a>'
BUTTON = '<a class="button quiet" href="/en/learning/code/">I have a code</a>'


@pytest.fixture
def site(homes):
    """The site of which the front page is the first one."""
    where = {"hostname": "testserver", "root_page": homes["front"]}
    return Site.objects.update_or_create(is_default_site=True, defaults=where)


@pytest.mark.parametrize(("address", "link"), [("/en/", LINK), ("/en/liberia/", LINK), ("/en/courses/", BUTTON)])
def test_the_way_to_go_on_with_a_code_stands_where_learners_look(client, site, address, link):
    assert link in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/en/", "/en/liberia/", "/en/courses/"])
def test_who_is_signed_in_is_not_asked_for_a_code(client, site, person, sign_in, address):
    sign_in(person("learner"))

    page = client.get(address)

    assert page.status_code == 200
    assert "/learning/code/" not in page.content.decode()

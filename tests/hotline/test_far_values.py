"""Days, times and numbers at the ends of what can be written break no page of the hotline."""

import pytest
from django.urls import reverse

from accounts.models import Country
from tests.far import ZONES, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=ZONES)
def zone(request, liberia):
    """The country lies east of Greenwich, or west of it."""
    Country.objects.update(time_zone=request.param)
    return request.param


@pytest.mark.parametrize("name", ["hotline:call_log", "hotline:roster", "hotline:line", "hotline:phone"])
def test_no_form_breaks_by_a_far_value(line, operator, sign_in, person, liberia, zone, name):
    role = {"hotline:line": "manager", "hotline:phone": "operator"}.get(name, "supervisor")
    client = sign_in(operator if role == "operator" else person(role, country=liberia))
    url = reverse(name, args=[line.public_id] if name == "hotline:line" else [])

    assert walk(client, url, zone) or name == "hotline:phone"


@pytest.mark.parametrize("name", ["hotline:exception_add", "hotline:exception_remove"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("version", ["", "9" * 4300])
def test_no_day_of_a_line_is_far(line, manager, name, day, version):
    told = {"day": day, "opens": "00:00", "closes": "23:59:59.999999", "version": version}

    assert manager.post(reverse(name, args=[line.public_id]), told, follow=True).status_code in {200, 404}
    assert not line.exceptions.exists()


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "9999-99-99", "9" * 30])
def test_a_far_week_of_the_roster_is_this_one(line, sign_in, person, liberia, week):
    client = sign_in(person("supervisor", country=liberia))

    assert client.get(reverse("hotline:roster"), {"week": week}).status_code == 200

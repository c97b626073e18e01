"""Days, times and numbers at the ends of what can be written break no page of the accounts."""

import pytest
from django.urls import reverse

from accounts.models import Country
from tests.far import ZONES, walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("name", "args"), [("audit", []), ("country", ["LR"]), ("people", [])])
def test_no_form_breaks_by_a_far_value(sign_in, person, liberia, zone, name, args):
    Country.objects.update(time_zone=zone)
    client = sign_in(person("administrator"))

    assert walk(client, reverse(f"accounts:{name}", args=args), zone) or name == "people"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_holiday_is_no_far_day(sign_in, person, liberia, day):
    client = sign_in(person("administrator"))

    answer = client.post(reverse("accounts:holiday_add", args=["LR"]), {"day": day, "name": "Feast"}, follow=True)

    assert answer.status_code in {200, 400}
    assert not liberia.holidays.exists()


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_audit_log_says_what_is_wrong_with_a_far_day(sign_in, person, liberia, name, day):
    page = sign_in(person("administrator")).get(reverse("accounts:audit"), {name: day}).content.decode()

    assert "Choose a day between 2020 and 2100." in page

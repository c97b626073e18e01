"""When the figures of a report were counted stands above them, beside the filter that speaks of now."""

import pytest
from bs4 import BeautifulSoup

from training import actions

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.parametrize("url", ["/en/reports/", "/en/reports/readiness/"])
def test_when_it_was_counted_stands_above_the_first_figure(client, sign_in, countries, person, course, at, url):
    actions.count_readiness(at=at)
    sign_in(person("manager", country=countries["HT"]))

    page = client.get(url).content.decode()

    assert page.count("Counted 25 November 2026, 10:00 (UTC), once an hour.") == 1
    figures = page.find('<dl class="figures">') if url == "/en/reports/" else page.index('<form class="filters"')
    assert page.index("data-counted") < figures


def test_a_past_day_was_not_counted_ahead(client, sign_in, countries, person, course, at):
    sign_in(person("manager", country=countries["HT"]))

    page = client.get("/en/reports/readiness/?day=2026-01-02").content

    assert not BeautifulSoup(page, "html.parser").select("[data-counted]")

"""Lessons, courses and the catalogue as a reader meets them."""

import re

import pytest

from training.models import Event


def hidden(html, marker):
    """Return the token of the form that holds a marker."""
    form = next(part for part in html.split("<form")[1:] if marker in part)
    return re.search(r'name="token" value="([^"]+)"', form).group(1)


def open_page(client, page, language="en", query=""):
    path = page.url_path.split("/", 2)[2]
    return client.get(f"/{language}/{path}{query}")


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ht", "sw"])
def test_lesson_is_readable_without_an_account(client, lessons, language):
    response = open_page(client, lessons[0], language)

    html = response.content.decode()
    assert response.status_code == 200
    assert 'data-page="lesson"' in html
    assert Event.objects.count() == 0

"""The demo's page of letters: one that does not open takes no other from it."""

import pytest

from accounts import actions as accounts
from accounts.models import Letter

pytestmark = pytest.mark.django_db


def queue(name, at):
    return accounts.queue_letter(
        key=name, to=f"{name}@example.org", language="en", subject=f"About {name}", text=f"Words of {name}", at=at
    )


@pytest.fixture
def page(client, at):
    """Two letters whose sealed values changed places: the first opens, the second does not."""
    first, second = queue("first", at), queue("second", at)
    Letter.objects.filter(pk=second.pk).update(to=first.to, text=first.text)
    return client.get("/en/demo/letters/")


def test_a_letter_that_does_not_open_takes_no_other_from_the_page(page):
    words = page.content.decode()

    assert page.status_code == 200
    assert "first@example.org" in words
    assert "Words of first" in words
    assert "About second" in words
    assert words.count("This cannot be opened") == 1
    assert words.count("Words of") == 1

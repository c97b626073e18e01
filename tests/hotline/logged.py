"""What tests of the call log begin with: contacts that are over."""

from datetime import timedelta

import pytest

from hotline.models import Contact


@pytest.fixture(name="make")
def contacts_that_are_over(line, at):
    """A factory of contacts that are over: make(language="fr", minutes=5)."""

    def build(minutes=0, **values):
        began = at - timedelta(minutes=minutes)
        first = {"language": "en", "state": "done", "step": "done", "started_at": began, "changed_at": began}
        return Contact.objects.create(line=line, country=line.country, **(first | {"ended_at": began} | values))

    return build

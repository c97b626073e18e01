"""Whole calls: the simulated provider runs our documents against the real webhooks."""

from pathlib import Path

import pytest

import hotline
from hotline.demo.stage import Stage
from hotline.models import Contact, WebhookEvent

pytestmark = pytest.mark.django_db
SCRIPTS = sorted((Path(hotline.__file__).parent / "scripts").glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_plays_to_its_end(script, line, operator, at):
    Stage(at=at, operator=operator, seed=script.stem).play(script.read_text())

    assert not Contact.objects.filter(flags__contains="trouble").exists()
    assert WebhookEvent.objects.filter(flags__contains="not_now").count() == 0

"""An offer to an agency, and the way to its page."""

import re

from django.test import Client

from accounts.actions import open_letter
from accounts.models import Letter
from referral.models import AgencyLink

CANARY = "Quillfeather"


LINKS = 40


RACERS = 4


def path_of(referral, purpose="answer"):
    link = AgencyLink.objects.filter(referral=referral, purpose=purpose).order_by("-pk").first()
    text = open_letter(Letter.objects.get(key=f"agency_link:{link.public_id}")).text
    return re.search(r"/\w+/a/[\w-]+/", text)[0]


def opened(path, code):
    client = Client()
    assert client.post(path, {"code": code}).status_code == 302
    return client

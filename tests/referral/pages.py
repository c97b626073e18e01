"""What the tests of the case desk ask of its pages."""

import re

from django.urls import reverse


def url(name, case, *args):
    return reverse(f"referral:{name}", args=[case.code, *args])


def bare(page):
    return re.sub(r"csrf[^>]*|/[^\s\"]*", "", page.content.decode())


def post_step(client, case, run, key="one", anyway=99, **told):
    """Finish a step; `anyway` is how many questions without an answer are let be."""
    sent = {"key": key, "seen": case.event_count, "anyway": anyway}
    return client.post(url("case_step", case, run.number), sent | told)


def service_form(**changes):
    """Return what the page of a service sends."""
    return {"name": "Rooms", "term": "shelter", "status": "active", **changes}

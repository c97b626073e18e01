"""What the tests of the case desk ask of its pages."""

import re

from django.urls import reverse


def url(name, case, *args):
    return reverse(f"referral:{name}", args=[case.code, *args])


def bare(page):
    return re.sub(r"csrf[^>]*|/[^\s\"]*", "", page.content.decode())


def post_step(client, case, run, key="one", **told):
    return client.post(url("case_step", case, run.number), {"key": key, "seen": case.event_count, **told})


def service_form(**changes):
    """Return what the page of a service sends."""
    return {"name": "Rooms", "term": "shelter", "status": "active", **changes}

"""What tests of the operator console begin with: a call that waits, an answer on the sheet."""

from django.urls import reverse

from hotline.models import Contact


def waiting(line, at, **values):
    """Make a call that waits in the queue."""
    first = {"language": "en", "state": "waiting", "step": "queue", "queued_at": at} | values
    return Contact.objects.create(line=line, country=line.country, started_at=at, changed_at=at, **first)


def give(desk, contact, question, *answers, version=0, htmx=False):
    """Send one answer from the console."""
    headers = {"HX-Request": "true"} if htmx else {}
    return desk.post(
        reverse("hotline:answer", args=[contact.public_id]),
        {"question": question, "answer": list(answers), "version": version},
        headers=headers,
    )

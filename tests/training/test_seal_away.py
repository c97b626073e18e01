"""Where the seal key is not at hand, who withdraws a certificate or fetches its badge is told so, and nothing changes."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from tests.training.finishing import finish
from training.models import Certificate, Withdrawal

AWAY = "LR:x:" + "A" * 43 + "="  # a seal key that is not the one in use


@pytest.fixture
def certificate(official, course, at):
    """What the official earned by passing."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


@pytest.fixture
def certificate_page(certificate, settings):
    """Where a certificate is withdrawn, or fetched, once the seal key is away."""

    def address(name):
        settings.SEAL_KEYS = AWAY
        return reverse(f"training:{name}", args=[certificate.public_id])

    return address


def told(answer):
    return answer.status_code, "its key is missing" in answer.content.decode()


@pytest.mark.parametrize("reason", ["not_her_work", "name_wrong"])
def test_a_certificate_is_not_withdrawn_by_halves_while_the_seal_key_is_away(
    sign_in, manager, certificate_page, reason
):
    client = sign_in(manager)
    client.raise_request_exception = False

    answer = client.post(certificate_page("withdraw"), {"reason": reason})

    assert told(answer) == (503, True)
    assert not Withdrawal.objects.exists()
    assert AuditEntry.objects.filter(verb="sealed.cannot_open", actor=str(manager.public_id)).count() == 1


@pytest.mark.parametrize(
    ("name", "query"), [("certificate_badge", ""), ("certificate_pdf", "?badge=1"), ("certificate_pdf", "")]
)
def test_who_fetches_her_badge_while_the_seal_key_is_away_is_told(sign_in, official, certificate_page, name, query):
    client = sign_in(official)
    client.raise_request_exception = False

    assert told(client.get(certificate_page(name) + query)) == (503, True)

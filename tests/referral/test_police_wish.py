"""A wish for a report to the police and the lines of the police: where they contradict each other it is asked back."""

import re

import pytest

from referral import actions
from tests.referral.pages import url

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]
WANTED = "A report to the police is wanted"


@pytest.fixture
def police(agency):
    """A police unit that may be asked."""
    return agency("Police unit", "police_investigation")


@pytest.fixture
def asking(new_case, police, house, operator, sign_in, open_run, at, keys):
    """A case at its consent step and what its form sends: asking(earlier=True)(wants_police="no", basics="yes")."""

    def begin(**earlier):
        case, client = new_case(), sign_in(operator)
        if earlier:
            actions.answer(case=case, facts=earlier, source="call", key=next(keys), by=operator, at=at)
        for step in ("screening", "safety"):
            actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)

        def send(key="k", wants_police="", **lines):
            case.refresh_from_db()
            told = {"agrees": "yes", "giver": "person", "wants_police": wants_police, "seen": case.event_count}
            told |= {f"line_{police.organisation_id}_police_report_{group}": say for group, say in lines.items()}
            told |= {f"line_{house.organisation_id}_shelter_basics": "yes", "key": key}
            return client.post(url("case_consent", case), told)

        send.case, send.client = case, client
        return send

    return begin


def known(case):
    return {row.key: row.value for row in case.facts.order_by("id")}.get("wants_police")


def test_a_yes_from_before_is_not_left_standing_beside_a_no_to_all_lines(asking, police):
    send = asking(wants_police=True)

    refused = send(basics="no", identity="no")

    page = refused.content.decode()
    assert refused.status_code == 400
    assert f"{WANTED}, and every line of the police says no." in page
    assert re.search(rf'name="line_{police.organisation_id}_police_report_identity" value="no"[^>]*checked', page)
    assert not send.case.consents.exists()

    written = send(basics="no", identity="no", wants_police="no")

    assert (written.status_code, known(send.case)) == (302, "false")


@pytest.mark.parametrize("answer", ["yes", "not_asked", ""])
def test_a_report_that_is_wanted_needs_somebody_to_tell(asking, answer):
    send = asking(wants_police=True)

    page = send(wants_police=answer).content.decode()

    assert "no line says whom to tell. Ask about" in page
    assert "Police unit (example)" in page.partition("Ask about")[2].partition("</")[0]
    assert not send.case.consents.exists()


def test_a_yes_that_was_just_said_moves_the_lines_of_the_police_to_the_first(asking):
    send = asking()
    before = send.client.get(url("case_consent", send.case)).content.decode()

    refused = send(wants_police="yes")

    first, _more, others = refused.content.decode().partition("Ask about other help too")
    assert "<bdi>Police unit (example)</bdi>" in before.partition("Ask about other help too")[2]
    assert refused.status_code == 400
    assert ("<bdi>Police unit (example)</bdi>" in first, "<bdi>Police unit (example)</bdi>" in others) == (True, False)


@pytest.mark.parametrize(
    ("earlier", "now", "lines"),
    [(True, "", {"basics": "yes"}), (True, "yes", {"basics": "yes", "identity": "no"}), (True, "not_known", {"basics": "no"}),
     (None, "", {"basics": "no"}), (False, "", {})],
)  # fmt: skip
def test_what_does_not_contradict_itself_is_written_down(asking, earlier, now, lines):
    send = asking(wants_police=earlier)

    assert send(wants_police=now, **lines).status_code == 302


def test_a_yes_to_the_police_that_stands_is_not_asked_for_again_until_it_is_refused(asking):
    send = asking(wants_police=True)
    assert send(basics="yes").status_code == 302

    assert send(key="second").status_code == 302
    assert send(key="third", basics="no").status_code == 400


def test_where_no_police_can_be_named_a_wish_for_a_report_stops_nothing(asking, police):
    police.delete()
    send = asking(wants_police=True)

    assert send().status_code == 302

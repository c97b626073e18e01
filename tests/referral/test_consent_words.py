"""Consent is asked for by what an agency would be shown for its purpose: nothing is named that is not at stake."""

import json
import re

import pytest

from referral import actions, pathways
from referral.choices.fields import group_words
from referral.models import PathwayVersion
from referral.queries.referrals import agencies_to_name
from referral.queries.sharing import fields_at_stake
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
WHO = "Age group, sex, language"


@pytest.fixture
def police(agency):
    """A police unit that may be asked to take a report."""
    return agency("Police unit", "police_investigation")


@pytest.fixture
def house(agency):
    """A house that may be asked for a place."""
    return agency("Safe house A", "shelter")


@pytest.fixture
def at_consent(new_case, open_run, operator, at, keys):
    """A case at its consent step."""
    case = new_case()
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    return case


def line_of(page, service, group):
    """Return the heading of a line and what stands below it."""
    purpose = "police_report" if service.term == "police_investigation" else service.term
    legend = page.partition(f'id="id_line_{service.organisation_id}_{purpose}_{group}"')[2].partition("</legend>")[0]
    return re.search(r'<span>([^<]*)(?:<span class="hint">([^<]*)</span>)?', legend).groups()


def test_each_line_is_headed_by_what_it_would_hand_over(at_consent, police, house, operator, sign_in):
    page = sign_in(operator).get(url("case_consent", at_consent)).content.decode()

    asked = "Service asked for · Area, not finer than district · Urgency"
    assert line_of(page, police, "basics") == ("The request itself", asked)
    assert line_of(page, police, "identity") == ("Name and contact", "Name · Number or address")
    assert line_of(page, house, "basics") == (WHO, f"{asked} · Age group · Sex · Language")


def test_the_case_says_what_was_given_and_refused_in_the_same_words(
    at_consent, police, house, consent_to, open_run, operator, sign_in
):
    consent_to(at_consent, police, house, groups=("basics",), run=open_run(at_consent, "consent").number)

    page = sign_in(operator).get(url("case_detail", at_consent)).content.decode()

    rows = dict(re.findall(r'<tr><th scope="row"><bdi>([^<]*)</bdi>.*?data-h="May have">([^<]*)<', page, re.DOTALL))
    assert rows == {"Police unit (example)": "The request itself", "Safe house A (example)": WHO}


@pytest.mark.parametrize(
    ("group", "keys", "asked", "below"),
    [
        ("basics", ["service", "area", "urgency", "sex"], ["Sex"], 3),
        ("needs", ["medical_need"], ["Medical need"], 0),
        ("needs", ["disability_needs", "risk_level"], ["Needs and risks"], 2),
        ("identity", ["contact"], ["Number or address"], 0),
        ("account", ["exploitation_type", "suspect"], ["Form of exploitation", "Suspected persons"], 0),
        ("place", [], ["Where the person is"], 0),
    ],
)
def test_a_name_that_promises_more_gives_way_to_the_fields(group, keys, asked, below):
    found, rest = group_words(group, keys)

    assert (found, len(rest)) == (asked, below)


def test_a_yes_for_two_steps_is_asked_for_what_both_share(at_consent, version, agency, at):
    body = json.loads(version.text)
    steps = {step["key"]: step for step in body["steps"]}
    steps["police"]["service"], steps["psychosocial"]["service"] = "livelihood", "social"
    text = pathways.canonical(body)
    at_consent.version = PathwayVersion.objects.create(
        pathway=version.pathway, country=version.country, number=2, text=text, digest=pathways.digest(text),
        shape_digest=pathways.shape_digest(body), published_at=at, published_by="test",
    )  # fmt: skip
    at_consent.save(update_fields=["version"])
    desk = agency("Desk", "social")
    desk.organisation.services.create(name="Work", name_en="Work", term="livelihood", changed_at=at)

    found = fields_at_stake(at_consent, {desk.organisation_id})

    assert set(found) == {(desk.organisation_id, "protection")}
    asked = found[desk.organisation_id, "protection"]
    assert (asked["basics"][-1], asked["needs"], asked["identity"]) == ("language", ("needs",), ("name", "contact"))
    assert [one.groups for one in agencies_to_name(at_consent, at)] == [asked]


def test_a_row_with_nothing_but_a_no_says_refused_first(
    at_consent, police, house, open_run, operator, sign_in, at, keys
):
    asked = [(police, "police_report", False), (house, "shelter", True)]
    lines = [actions.Line(one.organisation_id, "basics", purpose, given) for one, purpose, given in asked]
    actions.record_consent(
        case=at_consent, run=open_run(at_consent, "consent").number, lines=lines, giver="guardian", assent="yes",
        language="en", key=next(keys), by=operator, at=at,
    )  # fmt: skip

    page = sign_in(operator).get(url("case_detail", at_consent)).content.decode()
    card = page.partition('aria-labelledby="consent"')[2].partition("</section>")[0]
    heads = re.findall(r'<tr><th scope="row">(.*?)</th>', card, re.DOTALL)
    said = {" ".join(re.sub(r"<[^>]+>", " ", one).split("(")[0].split()): one for one in heads}

    assert set(said) == {"Refused Police unit", "Safe house A"}
    assert "Yes, the child agrees" not in said["Refused Police unit"]
    assert "Yes, the child agrees" in said["Safe house A"]

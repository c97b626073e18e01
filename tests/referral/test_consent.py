"""Consent: line by line, guardians for children, and taking it back recalls everything in one transaction."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import open_letter
from accounts.models import Letter
from referral import actions
from referral.choices import FIELDS, FieldGroup
from referral.models import AgencyLink, Consent, ConsentLine, Disclosure, Organisation, Referral, StepRun
from referral.queries.sharing import ALWAYS, allowed_fields, shared_lines


@pytest.fixture
def at_consent(new_case, open_run, operator, at, keys):
    """A factory of cases whose consent step is open."""

    def make(**facts):
        first = {
            "age": 30,
            "sex": "female",
            "immediate_danger": False,
            "needs_shelter": True,
            "sexual_violence": False,
            "needs": ["shelter"],
        }
        case = new_case(facts=first | facts)
        for step in ("screening", "safety"):
            actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
        if StepRun.objects.filter(case=case, step_key="guardian", state="open").exists():
            number = open_run(case, "guardian").number
            told = {
                "guardian_found": True,
                **({"caregiver_suspected": True} if facts.get("caregiver_suspected") else {}),
            }
            actions.complete_step(case=case, run=number, facts=told, key=next(keys), by=operator, at=at)
        return case

    return make


def test_a_yes_opens_the_referrals_and_a_no_gives_information(at_consent, consent_to, house, room, open_run, operator, at, keys):  # fmt: skip
    yes, no = at_consent(), at_consent()

    consent_to(yes, house, room, run=open_run(yes, "consent").number, facts={"wants_police": False})
    actions.record_consent(
        case=no, run=open_run(no, "consent").number, lines=[], giver="person", language="en", key=next(keys),
        by=operator, at=at,
    )  # fmt: skip

    assert set(StepRun.objects.filter(case=yes, state="open").values_list("step_key", flat=True)) == {
        "shelter", "psychosocial",
    }  # fmt: skip
    assert open_run(no, "info_only")


def test_a_refused_line_blocks_no_other_service(at_consent, house, room, open_run, operator, at, keys):
    case = at_consent()
    lines = [
        actions.Line(house.organisation_id, "basics", "shelter", False),
        actions.Line(room.organisation_id, "basics", "psychosocial", True),
    ]

    actions.record_consent(
        case=case, run=open_run(case, "consent").number, lines=lines, giver="person", language="en", key=next(keys),
        facts={"wants_police": False}, by=operator, at=at,
    )  # fmt: skip

    with pytest.raises(actions.CannotBeAsked):
        actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    assert actions.refer(run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at)


def test_lines_asked_again_end_those_before_them_and_many_cost_the_statements_of_one(
    at_consent, house, room, open_run, operator, at, keys
):
    case, groups = at_consent(), [group for group in FieldGroup.values if group != "basics"][:2]
    few = [actions.Line(house.organisation_id, "basics", "shelter", True)]
    many = [*few, *(actions.Line(room.organisation_id, group, "psychosocial", True) for group in ("basics", *groups))]
    asked = {"case": case, "giver": "person", "language": "en", "by": operator, "at": at}

    spent = []
    for lines in (few, few, many):
        with CaptureQueriesContext(connection) as caught:
            actions.record_consent(**asked, lines=lines, key=next(keys))
        spent.append(sum("consentline" in query["sql"] for query in caught))

    rows = ConsentLine.objects.filter(consent__case=case).order_by("pk")
    assert [row.ended_at for row in rows] == [at] * 2 + [None] * 4
    assert spent[1] == spent[2]
    assert len({row.consent_id for row in rows}) == 3


@pytest.mark.parametrize("age", [17, None])
def test_a_child_or_unknown_age_needs_a_guardian(at_consent, consent_to, house, open_run, age):
    case = at_consent(age=age)
    number = open_run(case, "consent").number

    with pytest.raises(actions.NeedsGuardian):
        consent_to(case, house, run=number)
    consent_to(case, house, run=number, giver="guardian", assent="yes")

    assert Consent.objects.get().giver == "guardian"


@pytest.mark.parametrize(("assent", "says"), [("", "Ask the child too"), ("no", "The child says no")])
def test_nothing_is_shared_for_a_child_that_was_not_asked_or_says_no(
    at_consent, consent_to, house, open_run, operator, at, keys, assent, says
):
    case = at_consent(age=14)
    number = open_run(case, "consent").number

    with pytest.raises(actions.ChildNotHeard, match=says):
        consent_to(case, house, run=number, giver="guardian", assent=assent)
    assert Consent.objects.count() == 0
    actions.record_consent(
        case=case, run=number, lines=[], giver="guardian", assent=assent, language="en", key=next(keys), by=operator,
        at=at,
    )  # fmt: skip

    assert Consent.objects.get().assent == assent
    assert open_run(case, "info_only")


@pytest.mark.parametrize("assent", ["yes", "too_young"])
def test_a_childs_own_answer_stands_beside_the_adults(at_consent, consent_to, house, open_run, assent):
    case = at_consent(age=9)

    consent_to(case, house, run=open_run(case, "consent").number, giver="guardian", assent=assent)

    assert Consent.objects.get().assent == assent


def test_a_suspected_caregiver_may_not_consent(at_consent, consent_to, house, open_run):
    case = at_consent(age=14, caregiver_suspected=True)
    number = open_run(case, "consent").number

    with pytest.raises(actions.CaregiverSuspected):
        consent_to(case, house, run=number, giver="caregiver")
    consent_to(case, house, run=number, giver="guardian", assent="too_young")


def test_a_past_end_and_an_unknown_agency_are_refused_and_nothing_is_written(at_consent, consent_to, house, open_run, operator, at, keys):  # fmt: skip
    case = at_consent()
    number = open_run(case, "consent").number

    with pytest.raises(actions.EndsInThePast):
        consent_to(case, house, run=number, ends_at=at)
    stranger = [actions.Line(999_999, "basics", "shelter", True)]
    with pytest.raises(actions.UnknownAgency):
        actions.record_consent(
            case=case, run=number, lines=stranger, giver="person", language="en", key=next(keys), by=operator, at=at
        )

    assert Consent.objects.count() == 0
    assert open_run(case, "consent")


def test_asking_again_replaces_the_line_and_a_repeat_writes_nothing(at_referrals, consent_to, house, room, at, keys):
    case = at_referrals(house, room)
    lines = ConsentLine.objects.filter(organisation=house.organisation)

    consent_to(case, house, groups=("basics",))

    assert lines.filter(group="basics", ended_at=None).count() == 1
    assert lines.filter(group="basics").count() == 2


def test_consent_that_has_run_out_covers_nothing(at_consent, consent_to, house, room, open_run, operator, at, keys):
    case = at_consent()
    ends = at + dt.timedelta(days=1)
    consent_to(case, house, room, run=open_run(case, "consent").number, ends_at=ends, facts={"wants_police": False})

    with pytest.raises(actions.CannotBeAsked):
        actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=ends)


def test_a_repeat_returns_the_consent_of_its_own_key(at_referrals, house, room, operator, at):
    case, later = at_referrals(house, room), at + dt.timedelta(hours=1)

    def say(key, when):
        line = actions.Line(house.organisation_id, "basics", "shelter", True)
        told = {"giver": "person", "language": "en", "key": key, "by": operator, "at": when}
        return actions.record_consent(case=case, lines=[line], **told)

    first, second = say("first", at), say("second", later)

    assert (say("first", later), say("second", later)) == (first, second)
    assert first != second


def test_taking_all_back_recalls_everything_and_the_pathway_turns(shared, operator, at, keys, open_run):
    case, accepted, asked = shared

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert set(Referral.objects.filter(case=case).values_list("state", flat=True)) == {"recalled"}
    assert not ConsentLine.objects.filter(consent__case=case, is_given=True, ended_at=None).exists()
    assert Consent.objects.get(case=case).withdrawn_at == at
    assert open_run(case, "info_only")
    assert not AgencyLink.objects.filter(referral=asked, revoked_at=None).exists()
    wanted = Referral.objects.get(pk=accepted.pk)
    assert (wanted.deletion_asked_at, wanted.deletion_confirmed_at) == (at, None)
    assert AgencyLink.objects.filter(referral=accepted, purpose="deletion", revoked_at=None).count() == 1


def test_the_notice_of_a_recall_is_neutral(shared, operator, at, keys):
    case, _accepted, asked = shared

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    letter = Letter.objects.get(key=f"recall:{asked.public_id}")
    text = open_letter(letter).text
    assert case.code not in text
    assert "consent" not in text.lower()


def test_taking_back_from_one_agency_touches_only_its_step(shared, house, room, operator, at, keys, open_run):
    case, accepted, asked = shared

    actions.withdraw_consent(case=case, organisation=room.organisation, key=next(keys), by=operator, at=at)

    assert Referral.objects.get(pk=accepted.pk).state == "accepted"
    assert Referral.objects.get(pk=asked.pk).state == "recalled"
    assert StepRun.objects.get(pk=asked.run_id).outcome == "recalled"
    assert Consent.objects.get(case=case).withdrawn_at is None
    assert open_run(case, "psychosocial")
    assert not StepRun.objects.filter(case=case, step_key="identify").exists()


def test_taking_back_nothing_and_twice_is_refused_or_without_effect(shared, operator, at):
    case, *_ = shared

    assert actions.withdraw_consent(case=case, key="same", by=operator, at=at) == 2
    assert actions.withdraw_consent(case=case, key="same", by=operator, at=at) == 2
    with pytest.raises(actions.NothingShared):
        actions.withdraw_consent(case=case, key="other", by=operator, at=at)


def test_what_was_shared_on_a_written_ground_is_not_recalled(new_case, agency, open_run, operator, at, keys):
    police = agency("Police desk", "emergency_police")
    case = new_case(facts={"age": 30, "sex": "female", "immediate_danger": True, "sexual_violence": False})
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    sent = actions.refer(run=open_run(case, "emergency"), service=police, key=next(keys), by=operator, at=at)

    assert sent.referral.without_consent_basis == "vital interests of the person"
    with pytest.raises(actions.NothingShared):
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    assert Referral.objects.get().state == "requested"


def test_the_agency_confirms_the_deletion_once(shared, operator, at, keys):
    case, accepted, _asked = shared
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    link = AgencyLink.objects.get(referral=accepted, purpose="deletion")

    actions.confirm_deletion(link=link, at=at)
    actions.confirm_deletion(link=link, at=at + dt.timedelta(minutes=1))

    assert Referral.objects.get(pk=accepted.pk).deletion_confirmed_at == at


def test_no_disclosure_without_a_line_or_a_ground(shared, at):
    case, referral, _asked = shared

    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.create(
            case=case, referral=referral, organisation=referral.organisation, group="basics", stage=1,
            field_keys="sex", payload_digest="x", at=at, by="test",
        )  # fmt: skip


def test_only_consented_groups_are_shown(at_referrals, house, room, open_run, operator, at, keys):
    case = at_referrals(house, room, groups=("basics", "needs"), private={"safe_contact": "By text."})
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)

    lines = shared_lines(Referral.objects.get(), 2, at)

    assert {line.field.group for line in lines} == {"basics"}
    assert "safe_contact" not in {line.field.key for line in lines}


@given(
    profile=st.sets(st.sampled_from(sorted(FIELDS)) | st.text(max_size=8)),
    groups=st.sets(st.sampled_from(FieldGroup.values)),
    stage=st.sampled_from([1, 2]),
)
def test_a_payload_is_register_and_profile_and_consent_and_stage(profile, groups, stage):
    shown = allowed_fields(profile, groups, stage)

    for field in shown:
        assert field.key in FIELDS
        assert field.key in profile | set(ALWAYS)
        assert field.group in groups
        assert field.stage <= stage
    left_out = [
        key for key in profile & FIELDS.keys()
        if FIELDS[key].group in groups and FIELDS[key].stage <= stage and FIELDS[key] not in shown
    ]  # fmt: skip
    assert left_out == []


def test_no_sealed_field_belongs_to_the_first_stage():
    assert not [field.key for field in FIELDS.values() if field.is_sealed and field.stage == 1]
    assert not [field.key for field in FIELDS.values() if field.group == "identity" and field.stage == 1]


def test_an_agency_of_another_country_is_unknown(at_consent, open_run, operator, at, keys, person):
    other = Organisation.objects.create(
        country=type(operator.country).objects.create(
            code="MW", name="Malawi", slug="malawi", language_codes="en", time_zone="Africa/Blantyre"
        ),
        name="Elsewhere (example)", description="Example.", created_at=at, changed_at=at,
    )  # fmt: skip
    case = at_consent()

    with pytest.raises(actions.UnknownAgency):
        actions.record_consent(
            case=case, run=open_run(case, "consent").number, giver="person", language="en", key=next(keys),
            lines=[actions.Line(other.pk, "basics", "shelter", True)], by=operator, at=at,
        )  # fmt: skip


@pytest.mark.parametrize(("picked", "is_said"), [([], False), (["documents"], True)])
def test_a_list_of_which_nothing_holds_is_no_line_for_an_agency(
    at_referrals, house, room, open_run, operator, at, keys, picked, is_said
):
    case = at_referrals(house, room, private={"needs": picked})
    actions.refer(run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at)

    said = {line.field.key for line in shared_lines(Referral.objects.get(), 1, at)}

    assert ("needs" in said) is is_said

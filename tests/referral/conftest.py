"""What the tests of the map share: a published pathway, people, agencies with enrolled addresses, cases at a step."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from django.db import connection, connections

from accounts.actions import seal
from accounts.models import Letter, PublicContact
from referral import actions, pathways
from referral.choices import FieldGroup
from referral.choices.cases import purpose_of
from referral.models import (
    AgencyContact,
    Area,
    Capacity,
    Escalation,
    Organisation,
    Pathway,
    PathwayVersion,
    Service,
    StepRun,
)
from tests.referral.offers import CANARY, path_of

SEEDS = Path(__file__).resolve().parents[2] / "referral" / "seeds"
ADULT = {
    "age": 30,
    "sex": "female",
    "immediate_danger": False,
    "needs_shelter": True,
    "sexual_violence": False,
    "needs": ["shelter"],
}


@pytest.fixture
def keys():
    """Client keys, each new: next(keys)."""
    return iter(f"k{number}" for number in range(1, 10_000))


@pytest.fixture
def version(liberia, at):
    """Liberia's seed as a published version."""
    body = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8")).body
    text = pathways.canonical(body)
    pathway = Pathway.objects.create(key="liberia-test", country=liberia, title_en="Liberia (example)")
    return PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text=text, digest=pathways.digest(text),
        shape_digest=pathways.shape_digest(body), published_at=at, published_by="test",
    )  # fmt: skip


@pytest.fixture
def operator(person, liberia):
    """An operator of Liberia."""
    return person("operator", country=liberia, name="Operator, Liberia")


@pytest.fixture
def supervisor(person, liberia):
    """A supervisor of Liberia."""
    return person("supervisor", country=liberia, name="Supervisor, Liberia")


@pytest.fixture
def county(liberia):
    """A county of Liberia."""
    return Area.objects.create(country=liberia, name="Montserrado")


@pytest.fixture
def agency(liberia, county, at):
    """A factory of services with their organisation and enrolled address: agency("Safe house A", "shelter")."""

    def make(name, term, **fields):
        organisation = Organisation.objects.create(
            country=liberia, name=f"{name} (example)", description="Example.", is_example=True, created_at=at,
            changed_at=at,
        )  # fmt: skip
        email = fields.pop("email", f"desk{organisation.pk}@example.org")
        if email:
            contact = AgencyContact(organisation=organisation, name="Desk")
            seal(contact, "email", email)
            contact.save()
        takes = fields.pop("takes", {"female": True, "male": True})
        assured = fields.pop("assured_date", (at - dt.timedelta(days=10)).date())
        service = Service.objects.create(
            organisation=organisation, name=name, name_en=name, term=term, assured_date=assured, changed_at=at,
            minimum_age=0, maximum_age=120, language_codes="en", is_round_the_clock=True, **fields,
        )  # fmt: skip
        service.areas.add(county)
        for sex, is_taken in takes.items():
            service.eligibilities.create(criterion="sex", value=sex, is_taken=is_taken)
        return service

    return make


@pytest.fixture
def new_case(version, operator, county, at, keys):
    """A factory of cases just opened: new_case(facts={...})."""

    def make(facts=None, by=None, **fields):
        first = {"country": version.country, "language": "en", "source": "walk_in", "area": county}
        return actions.open_case(
            facts=ADULT if facts is None else facts, key=next(keys), by=by or operator, at=at, **first | fields
        )

    return make


@pytest.fixture
def open_run():
    """Return the open visit of a step of a case."""

    def find(case, step):
        return StepRun.objects.get(case=case, step_key=step, state="open")

    return find


@pytest.fixture
def consent_to(at, operator, keys):
    """Write down a yes to services of a case, for some groups."""

    def give(case, *services, groups=tuple(FieldGroup.values), run=None, giver="person", **fields):
        lines = [
            actions.Line(service.organisation_id, group, purpose_of(service.term), True)
            for service in services
            for group in groups
        ]
        return actions.record_consent(
            case=case, run=run, lines=lines, giver=giver, language="en", key=next(keys), by=operator,
            at=fields.pop("at", at), **fields,
        )  # fmt: skip

    return give


@pytest.fixture
def at_referrals(new_case, open_run, consent_to, operator, at, keys):
    """A factory of cases with consent given and the referral steps open."""

    def make(*services, facts=None, groups=tuple(FieldGroup.values), private=None):
        case = new_case(facts=facts)
        if private:
            actions.answer(case=case, facts=private, source="test", key=next(keys), by=operator, at=at)
        for step in ("screening", "safety"):
            run = open_run(case, step)
            actions.complete_step(case=case, run=run.number, key=next(keys), by=operator, at=at)
        consent_to(case, *services, run=open_run(case, "consent").number, groups=groups, facts={"wants_police": False})
        case.refresh_from_db()
        return case

    return make


@pytest.fixture
def late(new_case, open_run):
    """A case whose screening is late, with the moment of its first escalation."""
    case = new_case(facts={})
    first = Escalation.objects.filter(run=open_run(case, "screening")).earliest("at")
    return case, first


@pytest.fixture
def letters():
    """Return the letters queued so far."""
    return lambda: list(Letter.objects.order_by("id"))


@pytest.fixture
def own(at_referrals, agency):
    """A case of `operator` with its shelter step open."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    return at_referrals(house, room, private={"name": "Quillfeather", "safe_contact": "By text."})


@pytest.fixture
def now(time_machine, at):
    """The clock stands at `at`; `now.move_to` moves it."""
    time_machine.move_to(at, tick=False)
    return time_machine


@pytest.fixture
def offer(at_referrals, agency, open_run, operator, at, keys, now):
    """An offer to a safe house for a woman whose name is a canary; returns (referral, code, path)."""
    PublicContact.objects.create(country=operator.country, kind="hotline", name_en="Hotline", number="2883")
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    private = {"name": CANARY, "safe_contact": f"Ask for {CANARY}", "location_now": f"{CANARY} street"}
    case = at_referrals(house, room, private=private)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    return sent.referral, sent.code, path_of(sent.referral)


@pytest.fixture(scope="module")
def liberia_pathway():
    """Liberia's seed, compiled."""
    return pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))


@pytest.fixture
def file_database(tmp_path):
    """Return a function that gives the calling thread a connection; on SQLite to a file copy, as in production."""

    def prepare():
        if connection.vendor != "sqlite":
            return lambda: None
        options = {name: value for name, value in connection.settings_dict.items() if name != "TEST"}
        options["NAME"] = str(tmp_path / "race.sqlite3")
        with sqlite3.connect(options["NAME"]) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        backend = type(connection._connections["default"])

        def connect():
            connections["default"] = backend(options, "default")

        return connect

    return prepare


@pytest.fixture
def house(agency):
    """A safe house that may be asked."""
    return agency("Safe house A", "shelter")


@pytest.fixture
def room(agency):
    """A room for counselling that may be asked."""
    return agency("Listening room", "psychosocial")


@pytest.fixture
def shared(at_referrals, house, room, open_run, operator, at, keys):
    """A case with a shelter that accepted and counselling that was asked."""
    case = at_referrals(house, room)
    first = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral
    actions.accept(referral=first, key=next(keys), by=operator, at=at)
    second = actions.refer(
        run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at
    ).referral
    case.refresh_from_db()
    return case, first, second


@pytest.fixture
def say_no(operator, at, keys):
    """Write down a no: to everything, or to each line of some services."""

    def say(case, *services, yes=(), **fields):
        lines = [
            actions.Line(service.organisation_id, group, purpose_of(service.term), service in yes)
            for service in (*services, *yes)
            for group in FieldGroup.values
        ]
        return actions.record_consent(
            case=case,
            lines=lines,
            giver="person",
            language="en",
            by=operator,
            **{"key": next(keys), "at": at} | fields,
        )

    return say


@pytest.fixture
def beds(house, agency, at_referrals, open_run, operator, at, keys):
    """A house with one free place of four, and what lets its agency take that place."""
    Capacity.objects.create(service=house, available=1, maximum=4, updated_at=at)
    case = at_referrals(house, agency("Listening room", "psychosocial"))

    def take():
        actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
        actions.accept(referral=case.referrals.get(), key=next(keys), by=operator, at=at)

    return take


@pytest.fixture
def wait(at_referrals, agency, open_run, operator, at, keys):
    """A visit of a reflection period that has begun."""
    room = agency("Listening room", "psychosocial")
    case = at_referrals(room, facts=ADULT | {"needs_shelter": False, "needs": []})
    sent = actions.refer(run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    told = {"run": open_run(case, "identify").number, "outcome": "positive", "reason": "As told."}
    actions.decide_step(case=case, key=next(keys), by=operator, at=at, **told)
    return StepRun.objects.get(case=case, step_key="reflection")

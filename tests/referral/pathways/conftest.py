"""What tests of pathway authoring stand on: a calendar, example agencies, two managers, a published pathway."""

import datetime as dt

import pytest

from accounts.models import Holiday
from referral import actions
from referral.models import Eligibility, Organisation, PathwayVersion, Service
from referral.queries import compiling
from tests.referral.pathways.forms import may_enter

TERMS = ("emergency_police", "health", "shelter", "psychosocial", "police_investigation")


@pytest.fixture
def agencies(liberia, at):
    """One example agency for each service the pathway asks for, serving all of Liberia."""
    Holiday.objects.create(country=liberia, day=dt.date(2026, 12, 25), name="Christmas Day")
    made = {}
    for term in TERMS:
        body = Organisation.objects.create(
            country=liberia, name=f"Agency for {term} (example)", description="Example.", is_example=True,
            created_at=at, changed_at=at,
        )  # fmt: skip
        made[term] = Service.objects.create(
            organisation=body, name_en=f"Service {term}", term=term, assured_date=at.date(), changed_at=at
        )
        for value in ("female", "male"):
            Eligibility.objects.create(service=made[term], criterion="sex", value=value, is_taken=True)
    return made


@pytest.fixture
def manager(person, liberia):
    """A programme manager of Liberia."""
    return person("manager", country=liberia, name="Programme manager, Liberia", is_staff=True)


@pytest.fixture
def second_manager(person, liberia):
    """A second programme manager of Liberia."""
    return person("manager", country=liberia, name="Second programme manager, Liberia", is_staff=True)


@pytest.fixture
def pathway(liberia, agencies, at):
    """The working copy of Liberia's example pathway, loaded by the installation."""
    return actions.load_seed("liberia-nrm", by="installation", at=at)


@pytest.fixture
def signed_by(at):
    """Sign a working copy by several people, as it stands."""

    def sign(pathway, *people, at=at):
        for someone in people:
            digest = compiling.draft_digest(pathway)
            actions.sign(pathway=pathway, digest=digest, by=someone, at=at)

    return sign


@pytest.fixture
def published(pathway, manager, second_manager, signed_by, at) -> PathwayVersion:
    """Liberia's example pathway, signed by two managers and published."""
    signed_by(pathway, manager, second_manager)
    return actions.publish_pathway(pathway=pathway, by=manager, at=at)


@pytest.fixture
def editor(manager, sign_in):
    """A client signed in as the first manager."""
    return sign_in(may_enter(manager))

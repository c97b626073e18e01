"""Who may do what with what: each rule that speaks of a thing, asked for each person, on an own and on a foreign row.

The rows are as favourable as they can be: whatever else a rule asks for is given on the foreign row as on the own one, so
that the country alone is what refuses. Who may is written here a second time, apart from the rules.
"""

import datetime as dt
import importlib
import itertools

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Country, Office, PublicContact
from accounts.queries import ROOMS
from accounts.rules import allowed, has_role
from cms.rules import works_in
from hotline.models import Contact, Line, Shield
from referral.models import Case, Organisation, Pathway, PathwayVersion
from training.models import Certificate, Cohort, Learner

pytestmark = pytest.mark.either

# The owner of a case is an operator, and so is who left one behind in the country that she moved from.
DESK = "operator owner mover supervisor"
NOBODY = ""
# Beside one person of each role: whose case it is, and whose agency it is.
HANDLERS = "owner supervisor"
MAY = {
    "accounts": {
        "edit_country": {"number": "administrator manager"},
        "edit_office": {"office": "administrator manager"},
        "remove_factors": {"colleague": "administrator", "administrator": NOBODY},
        "send_letter_again": {"learner": "administrator manager", "colleague": "administrator"},
    },
    "hotline": {
        "take_call": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "open_contact": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "read_sheet": {"contact": DESK, "erased": DESK, "shielded": NOBODY},
        "edit_sheet": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "see_number": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "call_back": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "supervise_call": {"contact": "supervisor", "erased": NOBODY, "shielded": NOBODY},
        "override_call": {"contact": "supervisor", "erased": NOBODY, "shielded": NOBODY},
        "block_number": {"contact": "supervisor", "erased": NOBODY, "shielded": NOBODY},
        "set_safety": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "hear_message": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "send_message": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "see_log": {"contact": DESK, "erased": DESK, "shielded": NOBODY, "of_no_line": "administrator"},
        "close_follow_up": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY, "of_no_line": "administrator"},
        "erase_contact": {"contact": "supervisor", "erased": "supervisor", "shielded": NOBODY},
        "hold_contact": {"contact": "supervisor", "erased": "supervisor", "shielded": NOBODY},
        "shield_contact": {"contact": DESK, "erased": NOBODY, "shielded": NOBODY},
        "lift_shield": {"contact": "supervisor", "erased": "supervisor", "shielded": NOBODY},
        "ask_review": {"contact": NOBODY, "answered": "owner mover", "erased": NOBODY, "shielded": NOBODY},
        "review_contact": {"contact": NOBODY, "answered": "supervisor", "erased": NOBODY, "shielded": NOBODY},
        "export_log": {"line": "supervisor"},
        "edit_roster": {"line": "supervisor"},
        "see_trained": {"line": "manager supervisor"},
        "set_mode": {"line": "supervisor"},
        "edit_line": {"line": "administrator manager"},
        "hear_prompt": {"line": f"administrator manager {DESK}"},
    },
    "referral": {
        "edit_pathway": {"pathway": "manager"},
        "sign_pathway": {"pathway": "manager"},
        "give_reason": {"open": "supervisor", "closed": "supervisor"},
        "view_case": {"open": HANDLERS, "closed": HANDLERS},
        "edit_case": {"open": HANDLERS, "closed": NOBODY},
        "take_back": {"open": HANDLERS, "closed": HANDLERS},
        "see_identity": {"open": HANDLERS, "closed": HANDLERS},
        "refer": {"open": HANDLERS, "closed": NOBODY},
        "close_case": {"open": "owner supervisor", "closed": NOBODY},
        "open_step": {"open": "owner supervisor", "closed": NOBODY},
        "reopen_case": {"open": NOBODY, "closed": "supervisor"},
        "hold_case": {"open": "supervisor", "closed": "supervisor"},
        "assign_case": {"open": "owner supervisor", "closed": "supervisor"},
        "edit_service": {"agency": "manager agency_focal_point"},
        "confirm_service": {"agency": "manager agency_focal_point"},
        "set_trust": {"agency": "manager"},
        "keep_agency_people": {"agency": "manager"},
        "see_agency_people": {"agency": "manager supervisor agency_focal_point"},
        "change_contact": {"agency": "manager"},
        "see_secret_place": {"agency": "supervisor"},
    },
    "training": {
        "allow_attempt": {"learner": "manager trainer"},
        "decide_work": {"learner": "manager"},
        "look_at_doubt": {"learner": "manager trainer"},
        "run_cohort": {"cohort": "manager trainer"},
        "withdraw_certificate": {"certificate": "manager"},
    },
}
# An administrator keeps every country's numbers, offices, letters, lines and lost second steps, her own never; nobody
# else does anything abroad.
ABROAD = {"remove_factors", "edit_country", "edit_office", "send_letter_again", "edit_line", "hear_prompt"}
EACH = [(room, action, kind) for room in MAY for action in MAY[room] for kind in MAY[room][action]]
HAS_ROLE = has_role("learner").__qualname__


def speaks_of_a_thing(rule) -> bool:
    """Tell whether a rule asks for more than roles; a language is nobody's country."""
    asked = set(itertools.chain(*rule)) - {works_in}
    return any(condition.__qualname__ != HAS_ROLE for condition in asked)


def rules_of(room):
    """Return the table of a room."""
    return importlib.import_module(f"{room}.rules").RULES


def test_each_rule_that_speaks_of_a_thing_is_asked():
    speaking = {room: {name for name, rule in rules_of(room).items() if speaks_of_a_thing(rule)} for room in ROOMS}

    assert {room: names for room, names in speaking.items() if names} == {room: set(MAY[room]) for room in MAY}


@pytest.fixture
def people(person, liberia):
    """Liberia's people by what they are; and some who have the roles, but no country, or no account any more."""
    found = {role: person(role, country=liberia) for role in Role.values}
    found["owner"] = person("operator", country=liberia)
    found["mover"] = person("operator", country=liberia)
    found["agency_focal_point"] = person("focal_point", country=liberia)
    found |= {f"{role} of no country": person(role) for role in ("operator", "supervisor", "manager", "focal_point")}
    closed = person(*set(Role.values) - {"learner"}, country=liberia, is_active=False)
    return found | {"whoever left": closed}


@pytest.fixture
def things(people, person, liberia, at):
    """A factory of a country's things by kind: things(liberia, is_own=True)."""

    def case(country, version, number, **fields):
        is_closed = fields.get("state") == "closed"
        ended = {"closed_at": at, "closed_by": "tests", "close_reason": "completed"} if is_closed else {}
        row = Case.objects.create(
            code=f"{country.code}-{number}", key=f"{country.code}-{number}", country=country, version=version,
            language="en", source="call", opened_at=at, opened_by="tests", changed_at=at, **fields, **ended,
        )  # fmt: skip
        until = timezone.now() + dt.timedelta(hours=1)
        for user in people.values():  # a reason is what a rule may ask of her, so everybody gave one
            row.accesses.create(user=user, reason="Her own wish", opened_at=at, ends_at=until)
        return row

    def make(country, *, is_own):
        pathway = Pathway.objects.create(key=f"way-{country.slug}", country=country)
        version = PathwayVersion.objects.create(
            pathway=pathway, country=country, number=1, text="{}", published_at=at, published_by="tests"
        )
        owner = people["owner" if is_own else "mover"]  # she still owns what she left behind when she moved
        line = Line.objects.create(
            country=country, name="Line", number="1", numbers="1", account="AC1", language_keys="1:en",
            duty_phone="+1", other_number="+2",
        )  # fmt: skip
        agency = Organisation.objects.create(
            country=country, name="House", description="House", created_at=at, changed_at=at
        )
        cases = {
            "open": case(country, version, 1, owner=owner),
            "closed": case(country, version, 2, owner=owner, state="closed"),
        }
        if is_own:
            agency.focal_points.add(people["agency_focal_point"])
        contact = {"line": line, "country": country, "started_at": at, "changed_at": at}
        over = Contact.objects.create(**contact, ended_at=at, claimed_by=owner)
        for worked in ("owner", "mover"):  # what is somebody's own work is asked for by her alone
            over.events.create(at=at, kind="answer_claimed", by=str(people[worked].public_id))
        shielded = Contact.objects.create(**contact, ended_at=at, flags="shielded")  # it names each of them
        Shield.objects.bulk_create(
            Shield(contact=shielded, user=user, set_by="tests", set_at=at) for user in people.values()
        )
        return cases | {
            "number": PublicContact.objects.create(country=country, kind="police", name_en="Police", number="911"),
            "office": Office.objects.create(country=country, name="Court", kind="court"),
            "learner": person("learner", country=country),
            "colleague": person("learner", "translator", country=country),
            "administrator": people["administrator"] if is_own else person("administrator", country=country),
            "line": line,
            "contact": Contact.objects.create(**contact),
            "answered": over,
            "erased": Contact.objects.create(**contact, ended_at=at, erased_at=at),
            "shielded": shielded,
            "of_no_line": Contact.objects.create(started_at=at, changed_at=at),
            "pathway": pathway,
            "agency": agency,
            "certificate": Certificate(country=country, learner=Learner(user=people["mover"])),
            "cohort": Cohort(country=country),
        }

    return make


@pytest.mark.parametrize(("room", "action", "kind"), EACH)
def test_who_may_on_the_own_and_on_the_foreign(people, things, liberia, room, action, kind):
    ghana = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    own, foreign = things(liberia, is_own=True)[kind], things(ghana, is_own=False)[kind]

    def who(thing):
        return {name for name, user in people.items() if allowed(user, rules_of(room), action, thing)}

    assert who(own) == set(MAY[room][action][kind].split())
    assert who(foreign) == ({"administrator"} if action in ABROAD or kind == "of_no_line" else set())

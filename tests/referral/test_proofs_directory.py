"""The proofs that ask the directory, the languages and the calendar."""

from referral import pathways, proofs
from referral.proofs import Given, MissingWord, ServiceFacts
from tests.referral.spoiling import GIVEN, body


def services(**changes):
    """Return one service for each referral, open to everybody."""
    everybody = frozenset(
        {
            ("sex", "female"),
            ("sex", "male"),
            ("sex", "other"),
            ("nationality", "national"),
            ("nationality", "foreign"),
            ("disability", "yes"),
        }
    )
    terms = ("emergency_police", "health", "shelter", "psychosocial", "police_investigation")
    return tuple(
        ServiceFacts(term, minimum_age=0, maximum_age=120, takes=everybody) if term not in changes else changes[term]
        for term in terms
        if changes.get(term, "") is not None
    )


def found_with(given_services, areas=("Bong", "Montserrado")):
    """Return the findings on the directory."""
    given = Given(GIVEN.forms, GIVEN.field_keys, given_services, areas)
    return proofs.checked(pathways.Pathway(body()), given)


def test_a_directory_for_everybody_everywhere_has_no_gap():
    assert found_with(services()) == []


def test_a_missing_agency_blocks():
    (finding,) = found_with(services(shelter=None))

    assert (finding.rule, finding.step, finding.blocks) == ("V18", "shelter", True)


def test_an_area_without_agency_blocks_and_is_named():
    there = ServiceFacts("shelter", frozenset({"Montserrado"}), 0, 120, services()[0].takes)

    (finding,) = found_with(services(shelter=there))

    assert (finding.rule, finding.names["areas"]) == ("V18", ("Bong",))


def test_men_and_children_without_shelter_are_a_gap_to_be_signed():
    women = ServiceFacts("shelter", frozenset(), 18, None, frozenset({("sex", "female"), ("nationality", "national")}))

    (finding,) = found_with(services(shelter=women))

    groups = {(group.criterion, group.value) for group in finding.names["groups"]}
    assert (finding.rule, finding.blocks) == ("V19", False)
    assert groups == {
        ("sex", "male"),
        ("sex", "other"),
        ("age", "child"),
        ("nationality", "foreign"),
        ("disability", "yes"),
    }


def test_not_stated_is_never_read_as_yes():
    silent = ServiceFacts("shelter")

    (finding,) = found_with(services(shelter=silent))

    assert len(finding.names["groups"]) == len(proofs.coverage.GROUPS)


def test_a_word_that_is_out_of_date_blocks():
    given = Given(GIVEN.forms, GIVEN.field_keys, missing_words=(MissingWord("plan", "Plan", "fr", "out_of_date"),))

    (finding,) = proofs.checked(pathways.Pathway(body()), given)

    assert (finding.rule, finding.step, finding.names["language"]) == ("V17", "plan", "fr")


def test_working_time_without_a_calendar_blocks():
    given = Given(GIVEN.forms, GIVEN.field_keys, has_calendar=False)

    assert {f.step for f in proofs.checked(pathways.Pathway(body()), given)} == {"identify", "appeal"}

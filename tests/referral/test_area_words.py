"""A country's regions are called by its own word for them, in the reader's language, wherever one country is meant."""

import pytest
from django.urls import reverse

from accounts.demo import words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def pages(agency, new_case, liberia, person, sign_in):
    """The pages that name a region, by name, in a language: pages("en")."""
    house, case = agency("Safe house A", "shelter"), new_case()

    def read(language):
        operator, manager = (person(role, country=liberia, language=language) for role in ("operator", "manager"))
        case.owner = operator
        case.save(update_fields=["owner"])
        by_role = {
            operator: [("cases",), ("case_new",), ("case_detail", case.code)],
            manager: [("directory",), ("role", "shelter"), ("place_new", house.public_id)],
        }
        found = {}
        for user, wanted in by_role.items():
            client = sign_in(user)
            for name, *args in wanted:
                place = reverse(f"referral:{name}", args=args).replace("/en/", f"/{language}/", 1)
                answer = client.get(place)
                assert answer.status_code == 200
                found[name] = answer.content.decode().partition("<main")[2]
        return found

    return read


def test_every_page_says_county_in_liberia(pages):
    for name, page in pages("en").items():
        assert "County" in page, name
        assert "Region" not in page, name


def test_and_in_the_language_of_the_reader(pages, liberia):
    liberia.area_word_ar = "مقاطعة"
    liberia.save()

    for name, page in pages("ar").items():
        assert "مقاطعة" in page, name


def test_the_empty_choice_asks_to_choose(new_case, operator, sign_in, person, liberia):
    case, client = new_case(), sign_in(operator)
    manager = person("supervisor", country=liberia)

    closing = client.get(reverse("referral:case_close", args=[case.code])).content.decode()
    owners = sign_in(manager).get(reverse("referral:case_assign", args=[case.code])).content.decode()

    assert ("---" in closing, closing.count('<option value="" selected>Choose</option>')) == (False, 2)
    assert ("---" in owners, ">Choose</option>" in owners) == (False, True)


def test_the_demo_says_what_a_county_is_called_where_the_word_is_known():
    named = words.of_country("LR")

    assert (named["area_word_rw"], named["area_word_th"]) == ("Intara", "เทศมณฑล")

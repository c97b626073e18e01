"""Country entries in the editor: a manager works on those of her own country."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cms import editors
from training.models import Overlay


@pytest.fixture
def entries(countries):
    """One entry of Haiti and one of Tunisia, by country."""
    return {code: Overlay.objects.filter(country=code).first() for code in ("HT", "TN")}


@pytest.fixture
def enter(person, countries, sign_in):
    """Sign in as somebody of Haiti who may enter the editor."""

    def by_role(role):
        editors.grant()
        user = person(role, country=countries["HT"], is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return sign_in(user)

    return by_role


def address(act, *entry):
    return reverse(f"wagtailsnippets_training_overlay:{act}", args=[one.pk for one in entry])


@pytest.mark.parametrize("act", ["edit", "delete"])
@pytest.mark.parametrize(("role", "allowed"), [("manager", {"HT"}), ("administrator", {"HT", "TN"})])
def test_an_entry_opens_to_its_country_and_to_administrators(enter, entries, role, allowed, act):
    client = enter(role)

    opened = {code for code, entry in entries.items() if client.get(address(act, entry)).status_code == 200}

    assert opened == allowed


def test_a_manager_deletes_no_entries_of_another_country_in_bulk(enter, entries):
    client = enter("manager")

    bulk = reverse("wagtail_bulk_action", args=["training", "overlay", "delete"])
    client.post(f"{bulk}?id={entries['TN'].pk}&id={entries['HT'].pk}")

    assert Overlay.objects.filter(pk__in=[entry.pk for entry in entries.values()]).count() == 2


def test_the_list_of_a_manager_holds_her_countrys_entries(enter, entries):
    page = enter("manager").get(address("list")).content.decode()

    assert address("edit", entries["HT"]) in page
    assert address("edit", entries["TN"]) not in page


@pytest.mark.parametrize("kind", ["overlay", "question"])
def test_the_lists_say_yes_and_no_by_a_sign_with_its_word(enter, entries, kind):
    page = enter("manager").get(reverse(f"wagtailsnippets_training_{kind}:list")).content.decode()

    assert re.search(r"icon-cross[^<]*<", page)
    assert not re.search(r"<td[^>]*>\s*(True|False)\s*</td>", page)


def test_a_manager_writes_no_entry_for_another_country(enter, entries):
    client, before = enter("manager"), Overlay.objects.count()
    fields = {"slot": entries["TN"].slot, "text_en": "Taken.", "source_kind": entries["TN"].source_kind, "source": "x"}

    answer = client.post(address("add"), fields | {"country": "TN"})

    assert "country" in answer.context["form"].errors
    assert Overlay.objects.count() == before

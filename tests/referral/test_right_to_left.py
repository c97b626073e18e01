"""Arabic pages: names are isolated, lists take the Arabic comma, the Tunisian example speaks Arabic throughout."""

import json
import re
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from accounts.models import PublicContact
from languages import table
from referral import actions, pathways
from referral.forms.typed import typed
from referral.queries import comparing
from referral.queries.spoken import isolated
from referral.queries.timeline import timeline_of

ROOM = Path(__file__).resolve().parents[2] / "referral"


def rendered(source, **names):
    return Template("{% load referral_tags %}" + source).render(Context(names))


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("ar", "، ")])
def test_names_and_languages_are_joined_and_isolated(language, comma):
    with translation.override(language):
        names = rendered("{{ names|names_listed }}", names=["Bong", "<b>"])
        spoken = rendered("{{ codes|languages_listed }}", codes=["fr", "ar"])

    assert names == f"<bdi>Bong</bdi>{comma}<bdi>&lt;b&gt;</bdi>"
    french, arabic = table.BY_CODE["fr"].own, table.BY_CODE["ar"].own
    assert spoken == f'<bdi lang="fr">{french}</bdi>{comma}<bdi lang="ar">{arabic}</bdi>'


def test_the_tunisian_roles_have_a_name_in_each_language():
    body = json.loads((ROOM / "seeds" / "tunisia-mno.json").read_text("utf-8"))

    for role in body["roles"]:
        assert set(role["name"]) == {"en", "fr", "ar"}, role["key"]
        assert re.search(r"[\u0600-\u06ff]", role["name"]["ar"]), role["key"]
    assert "ours, to be checked by a native reader" in body["notes"]


def test_a_latin_name_does_not_turn_an_arabic_sentence(at_referrals, agency, open_run, operator, at, keys):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    with translation.override("ar"):
        said = timeline_of(case, "ar")[0].words

    assert "\u2068Safe house A (example)\u2069" in said
    assert isolated("Safe house A", "en") == "Safe house A"


def test_each_row_of_numbers_under_find_help_runs_in_the_direction_of_the_page(liberia, client):
    row = {"name_ar": "Police 1", "number": "911", "hours_ar": "All day", "source_kind": "demonstration"}
    PublicContact.objects.create(country=liberia, kind="police", **row)

    page = client.get("/ar/help/liberia/").content.decode()

    shown = page.partition('id="call"')[2].partition("</ul>")[0].partition("<li>")[2].partition("</li>")[0]
    outside = re.sub(r"<bdi[^>]*>.*?</bdi>", "", shown)
    assert [words in shown for words in ("Police 1", "911", "All day")] == [True] * 3
    assert [words in re.sub(r"<[^>]*>", "", outside) for words in ("Police 1", "911", "All day")] == [False] * 3


@pytest.mark.parametrize(("kind", "marked"), [("demonstration", True), ("official", False)])
def test_a_number_of_the_demonstration_says_so_under_find_help(liberia, client, kind, marked):
    PublicContact.objects.create(country=liberia, kind="police", name_en="Police", number="911", source_kind=kind)

    page = client.get("/en/help/liberia/").content.decode()

    assert ("(demonstration)" in page) is marked


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("ar", "، ")])
def test_what_changed_between_two_pathways_is_joined_with_the_comma_of_the_language(language, comma):
    body = json.loads((ROOM / "seeds" / "tunisia-mno.json").read_text("utf-8"))
    name, fields = next(iter(body["sharing_profiles"].items()))
    changed = body | {"sharing_profiles": body["sharing_profiles"] | {name: fields[:2]}}

    with translation.override(language):
        (row,) = comparing.differences(pathways.Pathway(body), pathways.Pathway(changed), language)

    assert row.after == comma.join(fields[:2])


def test_what_was_typed_is_told_with_the_comma_of_the_language():
    with translation.override("ar"):
        (told,) = typed(QueryDict("needs=food&needs=return"))

    assert told.words.count("، ") == 1

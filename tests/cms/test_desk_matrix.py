"""The matrix of the translation desk: what is shown, which cells open, where "next" leads."""

import re

import pytest

from cms.desk import bundles
from languages import actions, table
from referral.actions import copy_model, load_seed
from referral.models import Pathway
from tests.languages.conftest import BY
from tests.languages.test_publishing import edit

pytestmark = [pytest.mark.usefixtures("no_memory"), pytest.mark.either]


def test_the_matrix_shows_states_by_shape_number_and_word(desk, french):
    edit(french, "material", heading_en="Before you leave")

    html = desk.get("/en/desk/?bundle=sample.leaflet").content.decode()

    assert "français: 1 text out of date" in html
    assert "Kreyòl ayisyen: nothing yet" in html
    assert html.index(">fr<") < html.index(">es<")


@pytest.mark.both
def test_the_matrix_costs_the_same_for_one_and_three_things(desk, french, django_assert_max_num_queries):
    desk.get("/en/desk/")
    with django_assert_max_num_queries(25) as first:
        desk.get("/en/desk/")
    for number in range(2):
        copy = french.copy(update_attrs={"title": f"Copy {number}", "slug": f"copy-{number}"})
        actions.copy_units([(french, copy)], by=BY, at=copy.latest_revision_created_at or copy.first_published_at)
    with django_assert_max_num_queries(len(first)):
        desk.get("/en/desk/")


def test_filters_hide_what_is_done_and_other_languages(desk, french):
    html = desk.get("/en/desk/?mine=on&bundle=sample.leaflet").content.decode()

    assert "Kreyòl ayisyen" in html
    assert ">sw<" not in html
    assert "Before you leave" not in desk.get("/en/desk/?words=zzz").content.decode()


CELL = re.compile(r'<td class="[^"]*"><a href="([^"]*)">')


@pytest.mark.parametrize("address", ["/en/desk/", "/en/desk/?bundle=sample.leaflet"])
def test_only_the_cells_of_her_languages_are_links_and_each_leads_somewhere(desk, french, address):
    html = desk.get(address).content.decode()

    links = [link.replace("&amp;", "&") for link in CELL.findall(html)]
    assert links
    assert {desk.get(link, follow=True).status_code for link in links} == {200}
    assert {code for link in links for code in re.findall(r"(?:language=|leaflet/\d+/)(\w+)", link)} == {"fr", "ht"}
    assert re.search(r'<span class="vh">Kiswahili: [^<]+</span></td>', html)
    said = re.sub(r"<[^>]+>", "", re.search(r'<p class="small mat-tools" id="works-in">.*?</p>', html)[0])
    assert said == (
        "You work in these languages, and only their texts open: français · Kreyòl ayisyen."
        " Change the languages you work in"
    )
    assert 'href="/en/profile/">Change the languages' in html


@pytest.mark.parametrize("address", ["/en/desk/", "/en/desk/?bundle=sample.leaflet"])
def test_a_translator_of_english_alone_is_told_why_nothing_opens(person, sign_in, french, address):
    client = sign_in(person("translator", language="en", spoken="en"))

    html = client.get(address).content.decode()

    assert {link for link in CELL.findall(html) if "bundle=" not in link or "language=" in link} == set()
    assert "Your account names no language that you translate into, so no text opens." in html
    assert 'href=""' not in html


def test_a_manager_may_open_every_cell_and_is_told_nothing(person, sign_in, french):
    html = (
        sign_in(person("manager", language="en", spoken="en")).get("/en/desk/?bundle=sample.leaflet").content.decode()
    )

    assert len(CELL.findall(html)) == len(table.CODES) - 1
    assert "works-in" not in html


@pytest.mark.both
def test_next_leads_to_the_gravest_text(desk, french, segment):
    edit(french, "material", summary_en="<p>In a word</p>")

    answer = desk.get("/en/desk/next/?bundle=sample.leaflet&language=fr")

    assert answer.url == f"/en/desk/sample.leaflet/{french.pk}/fr/?unit={segment('summary').pk}"


def test_two_pathways_of_one_title_are_told_apart_by_their_country(desk, liberia):
    title = "Model pathway on the four ODIHR pillars"
    model = Pathway.objects.create(key="model", title_en=title)
    copy = Pathway.objects.create(key="copy", country=liberia, title_en=title)

    rows = bundles.Memory().pathways

    assert [rows[one.pk].name for one in (model, copy)] == [f"{title} (Model, no country)", f"{title} (Liberia)"]


def test_a_pathway_is_work_in_the_languages_that_the_staff_of_its_country_read(desk, liberia, at):
    liberia.language_codes = "en ht"
    liberia.save(update_fields=["language_codes"])
    copy = copy_model(pathway=load_seed("generic-nrm", by=BY, at=at), country=liberia, by=BY, at=at)
    own = load_seed("liberia-nrm", by=BY, at=at)

    html = desk.get("/en/desk/").content.decode()
    rows = dict(re.findall(r"bundle=(pathway-\d+)\">.*?</th>(.*?)</tr>", html, re.DOTALL))

    assert "Kreyòl ayisyen: nothing yet" in rows[f"pathway-{copy.pk}"]
    assert "Kiswahili" not in rows[f"pathway-{copy.pk}"]  # no language of the country: not needed
    assert "Kreyòl ayisyen: nothing yet" in rows[f"pathway-{own.pk}"]
    lists = desk.get(f"/en/desk/?bundle=pathway-{own.pk}").content.decode()
    assert "TIP Secretariat" not in lists  # the own name of a body is the same in every language


def test_next_leads_to_a_pathway_of_the_country(desk, liberia, at):
    liberia.language_codes = "en ht"
    liberia.save(update_fields=["language_codes"])
    own = load_seed("liberia-nrm", by=BY, at=at)

    answer = desk.get(f"/en/desk/next/?bundle=pathway-{own.pk}&language=ht")

    assert "/ht/" in answer.url

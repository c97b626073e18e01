"""The translation desk in the browser's stead: who may, what is shown, what each button does."""

import re

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import AuditEntry
from cms.desk import bundles
from languages import actions, queries, table
from languages.models import Language, Unit
from referral.models import Pathway
from tests.languages.conftest import BY, FRENCH, french, leaflet, segment  # noqa: F401 -- fixtures
from tests.languages.test_publishing import edit
from tests.sample.models import Leaflet


@pytest.fixture(autouse=True)
def no_memory():
    """Forget the switches that an earlier test left in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def translator(person, liberia):
    """A translator who works in French and Haitian Creole."""
    return person("translator", country=liberia, language="fr", spoken="fr ht")


@pytest.fixture
def desk(sign_in, translator):
    """The desk as the translator sees it."""
    return sign_in(translator)


@pytest.fixture
def address(leaflet):  # noqa: F811
    """The editor's address of the leaflet in a language."""
    return lambda language="fr", tail="": f"/en/desk/sample.leaflet/{leaflet.pk}/{language}/{tail}"


def unit_of(path="heading", language="fr"):
    return Unit.objects.get(segment__path=path, language=language)


def test_the_matrix_shows_states_by_shape_number_and_word(desk, french):  # noqa: F811
    edit(french, "material", heading_en="Before you leave")

    html = desk.get("/en/desk/?bundle=sample.leaflet").content.decode()

    assert "français: 1 text out of date" in html
    assert "Kreyòl ayisyen: nothing yet" in html
    assert html.index(">fr<") < html.index(">es<")


def test_the_matrix_costs_the_same_for_one_and_three_things(desk, french, django_assert_max_num_queries):  # noqa: F811
    desk.get("/en/desk/")
    with django_assert_max_num_queries(25) as first:
        desk.get("/en/desk/")
    for number in range(2):
        copy = french.copy(update_attrs={"title": f"Copy {number}", "slug": f"copy-{number}"})
        actions.copy_units([(french, copy)], by=BY, at=copy.latest_revision_created_at or copy.first_published_at)
    with django_assert_max_num_queries(len(first)):
        desk.get("/en/desk/")


def test_filters_hide_what_is_done_and_other_languages(desk, french):  # noqa: F811
    html = desk.get("/en/desk/?mine=on&bundle=sample.leaflet").content.decode()

    assert "Kreyòl ayisyen" in html
    assert ">sw<" not in html
    assert "Before you leave" not in desk.get("/en/desk/?words=zzz").content.decode()


CELL = re.compile(r'<td class="[^"]*"><a href="([^"]*)">')


@pytest.mark.parametrize("address", ["/en/desk/", "/en/desk/?bundle=sample.leaflet"])
def test_only_the_cells_of_her_languages_are_links_and_each_leads_somewhere(desk, french, address):  # noqa: F811
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
def test_a_translator_of_english_alone_is_told_why_nothing_opens(person, sign_in, french, address):  # noqa: F811
    client = sign_in(person("translator", language="en", spoken="en"))

    html = client.get(address).content.decode()

    assert {link for link in CELL.findall(html) if "bundle=" not in link or "language=" in link} == set()
    assert "Your account names no language that you translate into, so no text opens." in html
    assert 'href=""' not in html


def test_a_manager_may_open_every_cell_and_is_told_nothing(person, sign_in, french):  # noqa: F811
    html = (
        sign_in(person("manager", language="en", spoken="en")).get("/en/desk/?bundle=sample.leaflet").content.decode()
    )

    assert len(CELL.findall(html)) == len(table.CODES) - 1
    assert "works-in" not in html


def test_next_leads_to_the_gravest_text(desk, french, segment):  # noqa: F811
    edit(french, "material", summary_en="<p>In a word</p>")

    answer = desk.get("/en/desk/next/?bundle=sample.leaflet&language=fr")

    assert answer.url == f"/en/desk/sample.leaflet/{french.pk}/fr/?unit={segment('summary').pk}"


def test_the_editor_shows_what_changed_and_what_readers_see(desk, french, segment, address):  # noqa: F811
    edit(french, "material", heading_en="Before you leave")

    html = desk.get(address() + f"?unit={segment('heading').pk}").content.decode()

    assert "<del>go</del><ins>leave</ins>" in html
    assert "Law, procedure, a right answer or a number changed in the source." in html
    assert "Older text, marked" in html
    assert re.search(r'<textarea[^>]*lang="fr" dir="ltr"[^>]*>\s*Avant de partir</textarea>', html)


def test_saving_keeps_a_draft_records_it_and_goes_on(desk, leaflet, segment, address, translator):  # noqa: F811
    line = segment("heading")

    answer = desk.post(address(tail=f"{line.pk}/"), {"text": "Avant", "version": 0, "then": "next"})

    assert answer.url == address() + f"?unit={segment('summary').pk}#open"
    assert (unit_of().draft, unit_of().state) == ("Avant", "draft")
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.actor) == ("translation.saved", str(translator.public_id))


@pytest.mark.parametrize(
    ("then", "words"), [("stay", "1 text is kept as draft."), ("review", "1 text waits for review.")]
)
def test_saving_says_once_beside_the_button_that_the_text_is_kept(desk, segment, address, then, words):  # noqa: F811
    line = segment("heading")

    saved = desk.post(
        address(tail=f"{line.pk}/"), {"text": "Avant", "version": 0, "then": then}, follow=True
    ).content.decode()
    again = desk.get(address() + f"?unit={line.pk}").content.decode()

    assert f'aria-live="polite">{words}<' in saved
    assert words not in again
    assert 'id="kept" aria-live="polite"><' in again


@pytest.mark.parametrize("then", ["next", "stay", "review"])
@pytest.mark.parametrize("typed", ["", " \n"])
def test_an_empty_text_does_not_replace_one_that_stands(desk, segment, address, at, then, typed):  # noqa: F811
    line = segment("heading")
    unit = actions.save_target(segment=line, language="fr", text="Avant", version=0, by=BY, at=at, origin="machine")
    actions.submit(unit=unit, by=BY, at=at)
    version = unit_of().version

    answer = desk.post(address(tail=f"{line.pk}/"), {"text": typed, "version": version, "then": then})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Write something first. Nothing was changed." in html
    assert "Avant</textarea>" in html
    assert "Still right" in html
    assert (unit_of().draft, unit_of().state, unit_of().version) == ("Avant", "in_review", version)


def test_a_broken_text_comes_back_with_what_to_mend(desk, segment, address):  # noqa: F811
    answer = desk.post(
        address(tail=f"{segment('body.w1').pk}/"), {"text": "<1>Appelez {x}</1>", "version": 0, "then": "next"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The link &lt;2&gt; is missing." in html
    assert "{x} is not in the source." in html
    assert "&lt;1&gt;Appelez {x}&lt;/1&gt;</textarea>" in html
    assert not Unit.objects.exists()


def test_hidden_signs_are_refused(desk, segment, address):  # noqa: F811
    answer = desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "a\u202eb", "version": 0})

    assert answer.status_code == 422
    assert "hidden signs" in answer.content.decode()


def test_two_writers_see_both_texts(desk, segment, address, at):  # noqa: F811
    actions.save_target(segment=segment("heading"), language="fr", text="Le leur", version=0, by=BY, at=at)

    answer = desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Le mien", "version": 0})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Le leur" in html
    assert "Le mien</textarea>" in html
    assert desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Le mien", "version": 1}).status_code == 302
    assert unit_of().draft == "Le mien"


def test_from_writing_to_readers(desk, leaflet, segment, address):  # noqa: F811
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})
    assert "Avant" in desk.get("/en/desk/review/fr/").content.decode()

    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "approve", "back": "review"})
    desk.post(address(tail="all/"), {"verb": "publish"})
    desk.post(address(tail="all/"), {"verb": "read"})

    assert (unit_of().state, unit_of().native_read_at is not None) == ("published", True)
    with translation.override("fr"):
        assert Leaflet.objects.get().heading == "Avant"
    assert list(AuditEntry.objects.filter(verb__startswith="translation.").order_by("seq").values_list("verb", flat=True)) == [
        "translation.saved", "translation.submitted", "translation.approved", "translation.published",
        "translation.native_read",
    ]  # fmt: skip


def test_sending_back_needs_a_reason(desk, leaflet, segment, address):  # noqa: F811
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})

    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "return", "reason": ""})
    assert unit_of().state == "in_review"

    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "return", "reason": "Too long"})
    assert unit_of().state == "draft"
    assert "Too long" in desk.get(address()).content.decode()


def test_ones_own_text_waits_for_a_second_person(desk, leaflet, segment, address):  # noqa: F811
    Language.objects.create(code="fr", needs_second_person=True)
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})

    answer = desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "approve"}, follow=True)

    assert "A second person approves texts in this language." in answer.content.decode()
    assert unit_of().state == "in_review"
    assert not AuditEntry.objects.filter(verb="translation.approved").exists()


def test_still_right(desk, french, address):  # noqa: F811
    edit(french, "material", heading_en="Before you leave")

    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "confirm"})
    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "approve"})
    desk.post(address(tail="all/"), {"verb": "publish"})

    assert queries.status_of(french, "fr").code == "published"


def test_taking_a_text_away(desk, french):  # noqa: F811
    desk.post(f"/en/desk/text/{unit_of().pk}/", {"verb": "withdraw", "reason": "Wrong law"})

    assert unit_of().live == ""
    assert not Leaflet.objects.get().heading_fr


def test_a_file_goes_out_and_comes_back(desk, french, address, tmp_path):  # noqa: F811
    po = desk.get(address(tail="po/"))
    assert po.headers["Content-Disposition"] == f'attachment; filename="leaflet-{french.pk}-fr.po"'
    filled = po.content.decode().replace(FRENCH["heading"], "Avant le départ")

    shown = _upload(desk, address(tail="import/"), filled)
    html = shown.content.decode()
    assert "Keep 1 text as draft" in html
    assert unit_of().draft == FRENCH["heading"]

    fields = dict(re.findall(r'name="(content|confirmed)" value="([^"]*)"', html))
    desk.post(address(tail="import/"), fields)
    assert unit_of().draft == "Avant le départ"
    assert AuditEntry.objects.latest("seq").verb == "translation.imported"


@pytest.mark.parametrize("content", ["", "no base64!", "eA=="])
def test_a_confirmation_that_got_lost_begins_anew(desk, french, address, content):  # noqa: F811
    answer = desk.post(address(tail="import/"), {"content": content, "confirmed": "0" * 16}, follow=True)

    assert answer.status_code == 200
    assert unit_of().draft == FRENCH["heading"]


def test_a_wrong_file_is_refused_with_a_sentence(desk, french, address):  # noqa: F811
    po = desk.get(address(tail="po/")).content.decode()

    assert "This is no PO file." in _upload(desk, address(tail="import/"), "hello").content.decode()
    assert "The file is about something else" in _upload(desk, address("ht", "import/"), po).content.decode()


def _upload(desk, url, content):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- used here only

    return desk.post(url, {"file": SimpleUploadedFile("x.po", content.encode())})


@pytest.mark.parametrize("path", ["", "po/", "import/"])
def test_other_languages_do_not_exist_for_a_translator(desk, address, path):
    assert desk.get(address("sw", path)).status_code == 404
    assert desk.get(address("en", path)).status_code == 404


def test_other_languages_texts_cannot_be_decided(desk, leaflet, segment, at):  # noqa: F811
    unit = actions.save_target(segment=segment("heading"), language="sw", text="Kabla", version=0, by=BY, at=at)

    assert desk.post(f"/en/desk/text/{unit.pk}/", {"verb": "submit"}).status_code == 404
    assert desk.get("/en/desk/review/sw/").status_code == 404


@pytest.mark.parametrize(
    "url", ["/en/desk/accounts.user/1/fr/", "/en/desk/no.such/1/fr/", "/en/desk/sample.leaflet/99999/fr/"]
)
def test_what_is_not_translated_does_not_exist(desk, db, url):
    assert desk.get(url).status_code == 404


@pytest.mark.parametrize("role", ["learner", "operator", "supervisor", "trainer", "analyst", "focal_point"])
def test_other_roles_find_no_desk(sign_in, person, role):
    assert sign_in(person(role)).get("/en/desk/").status_code == 404


def test_the_desk_wants_the_second_factor(sign_in, translator):
    answer = sign_in(translator, second_factor=False).get("/en/desk/")

    assert answer.status_code == 302
    assert "desk" not in answer.url.partition("?")[0]


def test_managers_work_in_every_language_and_read_only_their_own(sign_in, person, french, address):  # noqa: F811
    client = sign_in(person("manager", language="en", spoken="en"))

    assert client.get(address("sw")).status_code == 200
    assert client.post(address(tail="all/"), {"verb": "read"}).status_code == 404
    assert unit_of().native_read_at is None


def test_only_administrators_switch_languages(desk, sign_in, person):
    switch = {"code": "ht", "state": "off", "reason": "no speaker"}
    assert desk.get("/en/desk/languages/").status_code == 200
    assert desk.post("/en/desk/languages/", switch).status_code == 404

    client = sign_in(person("administrator"))
    answer = client.post("/en/desk/languages/", switch, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Switched. Texts and recordings stay as they are."
    ]
    assert "ht" not in queries.languages_on()
    assert (
        "It stays public."
        in client.post("/en/desk/languages/", {"code": "en", "state": "off", "reason": "x"}).content.decode()
    )
    assert AuditEntry.objects.latest("seq").verb == "language.switched"


def test_two_pathways_of_one_title_are_told_apart_by_their_country(desk, liberia):
    title = "Model pathway on the four ODIHR pillars"
    model = Pathway.objects.create(key="model", title_en=title)
    copy = Pathway.objects.create(key="copy", country=liberia, title_en=title)

    rows = bundles.Memory().pathways

    assert [rows[one.pk].name for one in (model, copy)] == [f"{title} (Model, no country)", f"{title} (Liberia)"]

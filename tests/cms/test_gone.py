"""A page, an entry or a picture that was deleted while somebody wrote in its form: her words come back.

Who opens an entry that is gone, or deletes it once more, is led to the list.
"""

import json
import re

import pytest
from django.urls import reverse, reverse_lazy

from accounts.models import Country
from cms.models import StandardPage
from tests.cms.editing import publish
from training.models import Overlay

pytestmark = pytest.mark.either

LONG = json.dumps({"blocks": [{"text": "Ask for a lawyer."}, {"text": "Say nothing alone."}], "entityMap": {}})


@pytest.fixture
def page(homes):
    """A page of Liberia."""
    return homes["LR"].add_child(instance=StandardPage(title="Ours", slug="ours", heading_en="Ours"))


def test_who_saves_a_page_that_was_deleted_meanwhile_gets_her_words_back(editor, page):
    page.delete()

    answer = publish(editor, page, heading_en="My heading", **{"body_en-0-value-text": LONG, "body_en-0-type": "text"})

    words = answer.content.decode()
    assert answer.status_code == 410
    for one in ("This is not there any more", "My heading", "Ask for a lawyer.\nSay nothing alone.", "Heading"):
        assert one in words
    assert "entityMap" not in words
    assert "csrf" not in words.partition("What you wrote")[2].partition("</section>")[0]


def test_who_saves_an_entry_that_was_deleted_meanwhile_gets_her_words_back(editor, homes):
    entry = Overlay.objects.create(country=Country.objects.get(pk="LR"), slot="fees", text_en="Old", source="Old")
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    entry.delete()

    answer = editor.post(
        url, {"text_en": "The fee is five.", "source_en": "<b>Law</b>", "country": "LR", "shown": "x" * 32}
    )

    words = answer.content.decode()
    assert answer.status_code == 410
    assert "The fee is five." in words
    assert "&lt;b&gt;Law" in words
    assert "x" * 32 not in words


def test_signs_that_nobody_sees_come_back_as_their_codes_and_lines_as_lines(editor, page):
    page.delete()

    answer = publish(editor, page, heading_en="\ufeff12\u202e34", summary_en="First <b>\r\nsec\u2028ond\U000e0041")

    words = answer.content.decode()
    sign = '<bdi class="sign" dir="ltr">{}</bdi>'.format
    assert f"{sign('U+FEFF')}12{sign('U+202E')}34</p>" in words
    assert re.search(rf"First &lt;b&gt;\r?\nsec{re.escape(sign('U+2028'))}ond{re.escape(sign('U+E0041'))}</p>", words)
    assert not re.search("[\ufeff\u202e\u2028\U000e0041]", words)


@pytest.mark.parametrize("name", ["wagtailimages:edit", "wagtaildocs:edit"])
def test_who_saves_a_file_that_was_deleted_meanwhile_gets_her_words_back(editor, name):
    answer = editor.post(reverse(name, args=[4711]), {"title": "The gate at night"})

    assert answer.status_code == 410
    assert "The gate at night" in answer.content.decode()


def test_for_who_does_not_enter_the_editor_the_page_does_not_exist(page, person, sign_in):
    client = sign_in(person("learner"))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answer = client.post(url, {"heading_en": "My heading"}, follow=True)

    assert answer.status_code == 404
    assert "My heading" not in answer.content.decode()


def test_a_page_that_is_gone_is_asked_for_as_ever(editor, page):
    page.delete()

    assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]), follow=True).status_code == 404


LIST = reverse_lazy("wagtailsnippets_training_overlay:list")
OPENED = [
    ("edit", "get"),
    ("delete", "get"),
    ("delete", "post"),
    ("copy", "get"),
    ("history", "get"),
    ("usage", "get"),
]


def entry_of(country):
    return Overlay.objects.create(country=Country.objects.get(pk=country), slot="fees", text_en="Old", source="Old")


def page_of(entry, what):
    return reverse(f"wagtailsnippets_training_overlay:{what}", args=[entry])


@pytest.mark.parametrize(("what", "method"), OPENED)
def test_who_opens_an_entry_that_is_gone_or_deletes_it_once_more_is_led_to_the_list(editor, homes, what, method):
    answer = getattr(editor, method)(page_of(4711, what))

    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "This is not there any more" in editor.get(LIST).content.decode()


def test_a_question_that_is_gone_leads_to_the_questions(editor):
    answer = editor.post(reverse("wagtailsnippets_training_question:delete", args=[4711]))

    assert answer["Location"] == reverse("wagtailsnippets_training_question:list")


@pytest.mark.parametrize(("what", "method"), OPENED)
def test_an_entry_of_another_country_is_refused_and_not_said_to_be_gone(editor, homes, what, method):
    foreign = entry_of("HT")

    answer = getattr(editor, method)(page_of(foreign.pk, what))

    assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
    assert "not there any more" not in editor.get(LIST).content.decode()
    assert Overlay.objects.filter(pk=foreign.pk).exists()


def test_a_script_of_the_editor_is_told_that_an_entry_is_gone_as_ever(editor, homes):
    answer = editor.get(page_of(4711, "edit"), headers={"accept": "application/json"}, follow=True)

    assert answer.status_code == 404


def test_for_who_does_not_enter_the_editor_no_list_is_named(person, sign_in):
    answer = sign_in(person("learner")).post(page_of(4711, "delete"), follow=True)

    assert answer.status_code == 404


MANY = [
    ("training/overlay/delete", "wagtailsnippets_training_overlay:list"),
    ("wagtailcore/page/delete", "wagtailadmin_explore_root"),
    ("wagtailcore/page/publish", "wagtailadmin_explore_root"),
    ("wagtailimages/image/delete", "wagtailimages:index"),
    ("wagtaildocs/document/delete", "wagtaildocs:index"),
]


def bulk(what):
    return f"{reverse('wagtail_bulk_action', args=what.split('/'))}?id=4711&id=4712"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("what", "listed"), MANY)
def test_who_does_something_with_many_that_are_all_gone_is_led_to_the_list(editor, homes, what, listed, method):
    answer = getattr(editor, method)(bulk(what))

    assert (answer.status_code, answer["Location"]) == (302, reverse(listed))
    assert "This is not there any more" in editor.get(answer["Location"], follow=True).content.decode()


@pytest.mark.parametrize("what", ["training/overlay/juggle", "training/enrolment/delete", "no/where/delete"])
def test_an_act_that_there_is_not_is_asked_for_as_ever(editor, homes, what):
    assert editor.get(bulk(what), follow=True).status_code == 404

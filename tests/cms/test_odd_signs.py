"""Signs that nobody sees are refused in whatever the editor takes, at the field or block in which they stand."""

import json

import pytest
from django import forms
from django.urls import reverse
from wagtail import blocks
from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.blocks.base import BlockField, get_error_json_data
from wagtail.contrib.settings.registry import registry
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from accounts.models import Country
from cms.models import SafetySettings, StandardPage
from cms.safety_desk import PANEL
from languages.refusing import RefusesOddSigns, fault_in
from tests.cms.safety import administrator, save
from training.models import Overlay

pytestmark = pytest.mark.django_db

TOLD = "This text holds hidden signs that cannot be kept."
ODD = "12\u202e34"
SIGNS = ["\ufeff12", *(f"12{sign}34" for sign in "\x07\x1b\x9f\ufeff\u202e\u2028\u2029\u2066\u2069\U000e0041")]
BALANCED = "Call \u2066116\u2069 or \u202bالآن\u202c."


def rich(*paragraphs):
    """What the editor sends of a long text."""
    told = [
        {"text": one, "type": "unstyled", "key": f"k{order}", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
        for order, one in enumerate(paragraphs)
    ]
    return json.dumps({"blocks": told, "entityMap": {}})


# Every form that is registered


def editors_pages():
    return [one for one in get_page_models() if one.is_creatable and one._meta.app_label != "sample"]


def form_classes():
    """The forms of all that the editor edits, with what they are forms of."""
    found = [(one, one.get_edit_handler().get_form_class()) for one in editors_pages()]
    found += [(one, one.snippet_viewset._edit_handler.get_form_class()) for one in get_snippet_models()]
    found += [(get_image_model(), get_image_form(get_image_model()))]
    found += [(get_document_model(), get_document_form(get_document_model()))]
    return [*found, (SafetySettings, PANEL.get_form_class())]


def takes_words(field):
    """Whether a field takes words of any kind; what must look like an address or a key refuses by that."""
    is_typed = isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput)
    return is_typed and not isinstance(field, forms.URLField | forms.SlugField | forms.RegexField)


def plain(block, name):
    """What the form sends of a block with plain words and nothing else."""
    if isinstance(block, blocks.StreamBlock | blocks.ListBlock):
        return {f"{name}-count": "0"}
    if isinstance(block, blocks.StructBlock):
        return {
            key: one
            for part, child in block.child_blocks.items()
            for key, one in plain(child, f"{name}-{part}").items()
        }
    return in_place(block, name, "Fine.")


def in_place(block, name, words):
    """What the form sends of a place for words, nothing of others."""
    if isinstance(block, blocks.RichTextBlock):
        return {name: rich(words)}
    if not takes_words(getattr(block, "field", None)):
        return {}
    return {name: f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}" if name.endswith("-captions") else words}


def odd_in(block, name):
    """What the form sends of a block, with an odd sign in each of the places for words in turn."""
    head = {f"{name}-count": "1", f"{name}-0-deleted": "", f"{name}-0-order": "0"}
    if isinstance(block, blocks.StreamBlock):
        for kind, child in block.child_blocks.items():
            for told in odd_in(child, f"{name}-0-value"):
                yield head | {f"{name}-0-type": kind} | told
    elif isinstance(block, blocks.ListBlock):
        yield from (head | told for told in odd_in(block.child_block, f"{name}-0-value"))
    elif isinstance(block, blocks.StructBlock):
        for part, child in block.child_blocks.items():
            yield from (plain(block, name) | told for told in odd_in(child, f"{name}-{part}"))
    elif told := in_place(block, name, ODD):
        yield told


def drafted(form_class, model, user, sent):
    """A form as it is sent to keep a draft: what is empty may stay so."""
    for name, field in form_class.base_fields.items():
        sent = (plain(field.block, name) if isinstance(field, BlockField) else {}) | sent
    for name in getattr(form_class, "formsets", {}):
        sent = {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"} | sent
    if issubclass(form_class, BaseCollectionMemberForm):
        return form_class(sent, instance=model(), user=user)
    more = {"parent_page": Page.objects.get(depth=1)} if issubclass(model, Page) else {}
    form = form_class(sent, instance=model(), for_user=user, **more)
    form.defer_required_fields()
    return form


@pytest.fixture
def chief(person):
    """An administrator."""
    return person("administrator", is_superuser=True, is_staff=True)


def test_every_form_of_the_editor_refuses_odd_signs_in_every_text(root, chief):
    for model, form_class in form_classes():
        assert issubclass(form_class, RefusesOddSigns), model._meta.label
        names = [name for name, field in form_class.base_fields.items() if takes_words(field)]
        form = drafted(form_class, model, chief, dict.fromkeys(names, ODD))

        told = {name: [fault.code for fault in form.errors.as_data().get(name, [])] for name in names}

        assert names or model._meta.model_name == "question", model._meta.label
        assert [name for name in names if "odd" not in told[name]] == [], model._meta.label


def test_odd_signs_are_found_in_blocks_at_any_depth_of_every_form(root):
    found = 0
    for model, form_class in form_classes():
        for name, field in form_class.base_fields.items():
            for sent in odd_in(field.block, name) if isinstance(field, BlockField) else ():
                fault = fault_in(field.block, field.widget.value_from_datadict(sent, {}, name))
                assert TOLD in json.dumps(fault and get_error_json_data(fault)), (model._meta.label, sent)
                found += 1
    assert found > 40


def test_only_plan_rows_and_comments_stand_below_a_form(root):
    """Rows below a form would need the same judgement; those of the plan hold no words, comments are among editors."""
    below = {
        (name, part)
        for _model, form_class in form_classes()
        for name, formset in getattr(form_class, "formsets", {}).items()
        for part, field in formset.form.base_fields.items()
        if name != "comments" and takes_words(field)
    }

    assert below == set()


def test_every_copy_of_a_page_refuses_odd_signs_in_its_name(root):
    for model in editors_pages():
        assert issubclass(getattr(model, "copy_form_class", CopyForm), RefusesOddSigns), model._meta.label


def test_no_setting_is_edited_by_a_form_that_is_not_asked_here():
    assert [*registry] == [SafetySettings]


# As people send them


@pytest.fixture
def entry(homes):
    """An entry of Liberia."""
    country = Country.objects.get(pk="LR")
    return Overlay.objects.create(
        country=country, slot="penalty", text_en="The fee is 12.", source_en="Act", article="1"
    )


def sent_entry(client, entry, **more):
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    told = {"country": "LR", "slot": "penalty", "text_en": entry.text_en, "source_en": "Act", "article": "1"}
    return client.post(url, told | {"source_kind": "statute", "change": "material"} | more)


@pytest.mark.parametrize("name", ["text_en", "source_en", "article"])
@pytest.mark.parametrize("words", SIGNS)
def test_an_entry_with_an_odd_sign_is_refused_at_its_field(editor, entry, name, words):
    answer = sent_entry(editor, entry, **{name: words})

    assert answer.status_code == 200
    assert TOLD in " ".join(answer.context["form"].errors[name])
    assert Overlay.objects.values_list("text_en", "source_en", "article").get() == ("The fee is 12.", "Act", "1")


def test_a_new_entry_with_an_odd_sign_is_refused(editor, homes):
    url = reverse("wagtailsnippets_training_overlay:add")

    answer = editor.post(url, {"country": "LR", "slot": "penalty", "text_en": ODD, "source_en": "Act", "change": ""})

    assert TOLD in " ".join(answer.context["form"].errors["text_en"])
    assert not Overlay.objects.exists()


def test_balanced_signs_are_kept(editor, entry):
    answer = sent_entry(editor, entry, text_en=BALANCED)
    assert answer.status_code == 302
    assert Overlay.objects.get().text_en == BALANCED


def test_what_is_stored_with_an_odd_sign_is_opened_and_mended(editor, entry):
    Overlay.objects.update(text_en=ODD)
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    assert editor.get(url).status_code == 200

    assert sent_entry(editor, entry, text_en="1234").status_code == 302

    assert Overlay.objects.get().text_en == "1234"


@pytest.fixture
def page(homes):
    """A page of Liberia."""
    return homes["LR"].add_child(instance=StandardPage(title="Ours", slug="ours", heading_en="Ours"))


def block(heading, *paragraphs):
    """One block of a page's text, as the form sends it."""
    value = {"body_en-0-value-heading": heading, "body_en-0-value-text": rich(*paragraphs)}
    head = {"body_en-0-deleted": "", "body_en-0-order": "0", "body_en-0-type": "text", "body_en-0-id": ""}
    return {"body_en-count": "1"} | head | value


def keep(client, page, told):
    """Send the page's form as the button "Save draft" does."""
    form = {"title": page.title, "slug": page.slug, "heading_en": "Changed", "summary_en": "", "change": ""}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "body_en-count": "0"}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | told)


def publish(client, page, told):
    """Send it as the button "Publish" does."""
    return keep(client, page, {"action-publish": "1", "change": "wording"} | told)


@pytest.mark.parametrize("send", [keep, publish])
@pytest.mark.parametrize(
    ("told", "part"),
    [
        ((ODD, "Fine."), "heading"),
        (("Fine", "Fine.", ODD), "text"),
        (("Fine", "12\x0734"), "text"),
        (("Fine", "\u2066begun here", "and ended here\u2069"), "text"),
    ],
)
def test_a_page_with_an_odd_sign_in_a_block_is_neither_kept_nor_published(editor, page, told, part, send):
    answer = send(editor, page, block(*told))

    fault = answer.context["form"].errors.as_data()["body_en"][0]
    assert answer.status_code == 200
    assert [*get_error_json_data(fault)["blockErrors"][0]["blockErrors"]] == [part]
    assert TOLD in answer.content.decode()
    assert not page.revisions.exists()


@pytest.mark.parametrize("name", ["title", "heading_en", "summary_en", "seo_title", "search_description"])
def test_a_draft_with_an_odd_sign_is_refused_at_its_field(editor, page, name):
    answer = keep(editor, page, {name: ODD})

    assert TOLD in " ".join(answer.context["form"].errors[name])
    assert not page.revisions.exists()


def test_balanced_signs_in_a_block_are_kept(editor, page):
    assert keep(editor, page, block(BALANCED, BALANCED, BALANCED)).status_code == 302

    kept = StandardPage.objects.get(pk=page.pk).get_latest_revision_as_object().body_en[0].value
    assert kept["heading"] == BALANCED
    assert kept["text"].source.count(BALANCED) == 2


def test_a_copy_with_an_odd_sign_in_its_name_is_not_made(editor, page, homes):
    told = {"new_title": ODD, "new_slug": "theirs", "new_parent_page": homes["LR"].pk}

    answer = editor.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), told)

    assert TOLD in " ".join(answer.context["form"].errors["new_title"])
    assert not StandardPage.objects.filter(slug="theirs").exists()


@pytest.mark.usefixtures("root")
def test_a_banner_with_an_odd_sign_is_not_put_up(person):
    answer = save(administrator(person), is_banner_on="on", banner_en=ODD)

    assert TOLD in answer.content.decode()
    assert not SafetySettings.load().banner_en

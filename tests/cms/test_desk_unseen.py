"""A page of the desk that is no longer true: nobody approves, publishes, returns or vouches for what she has not seen."""

import pytest
from bs4 import BeautifulSoup

from accounts.models import AuditEntry
from languages import actions
from languages.models import Segment, Unit
from tests.cms.translating import decide, do_all, form_of, unit_of
from tests.languages.conftest import BY
from tests.languages.test_publishing import edit

pytestmark = [pytest.mark.usefixtures("no_memory"), pytest.mark.either]


@pytest.fixture
def manager(sign_in, person, liberia):
    """A manager who reads French."""
    return sign_in(person("manager", country=liberia, language="fr", spoken="fr"))


@pytest.fixture
def write(desk, segment, address):
    """The translator writes the heading and sends it to review."""

    def save(text, then="review"):
        unit = Unit.objects.filter(segment=segment("heading"), language="fr").first()
        form = {"text": text, "version": unit.version if unit else 0, "then": then}
        assert desk.post(address(tail=f"{segment('heading').pk}/"), form).status_code == 302
        return unit_of()

    return save


def opened(client, url, unit, verb):
    form = form_of(client.get(url), f"/en/desk/text/{unit.pk}/", verb)
    assert form is not None
    return form


def post(client, unit, form, **typed):
    return client.post(f"/en/desk/text/{unit.pk}/", form | typed)


@pytest.fixture
def nothing_written():
    """Tell whether a text, its history and the audit log stay as they are."""

    def state(unit):
        values = Unit.objects.filter(pk=unit.pk).values().get()
        return values, unit.changes.count(), AuditEntry.objects.count()

    return state


@pytest.mark.parametrize(("verb", "reason"), [("approve", ""), ("return", "The law is another one")])
def test_what_a_reviewer_never_saw_is_neither_approved_nor_sent_back(manager, write, nothing_written, verb, reason):
    unit = write("Avant un")
    form = opened(manager, "/en/desk/review/fr/", unit, verb)
    write("Avant deux, fausse loi")
    before = nothing_written(unit)

    answer = post(manager, unit, form, reason=reason)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after your page was made" in html
    assert "Avant deux, fausse loi" in html
    assert reason in html
    assert nothing_written(unit) == before
    again = form_of(answer, f"/en/desk/text/{unit.pk}/", verb)
    assert again["reason"] == reason if reason else "reason" not in again
    assert post(manager, unit, again).status_code == 302
    assert unit_of().state == {"approve": "approved", "return": "draft"}[verb]


def test_who_returns_a_text_that_left_review_keeps_her_reason(manager, write):
    unit = write("Avant un")
    form = opened(manager, "/en/desk/review/fr/", unit, "return")
    write("Avant deux", then="stay")

    answer = post(manager, unit, form, reason="Not this law")

    assert answer.status_code == 409
    assert "Not this law" in answer.content.decode()
    assert "Avant deux</textarea>" in answer.content.decode()
    assert unit_of().state == "draft"


def test_still_right_vouches_for_the_source_that_was_shown(desk, french, address, nothing_written):
    edit(french, "material", heading_en="Before you leave")
    form = opened(desk, address() + f"?unit={unit_of().segment_id}", unit_of(), "confirm")
    edit(french, "material", heading_en="Never leave")
    before = nothing_written(unit_of())

    answer = post(desk, unit_of(), form)

    assert answer.status_code == 409
    assert "Never" in answer.content.decode()
    assert nothing_written(unit_of()) == before
    post(desk, unit_of(), form_of(answer, f"/en/desk/text/{unit_of().pk}/", "confirm"))
    assert unit_of().draft_version == Segment.objects.get(pk=unit_of().segment_id).version


@pytest.mark.parametrize("verb", ["read", "withdraw"])
def test_a_text_that_was_written_anew_is_neither_read_nor_taken_away(
    desk, french, write, address, nothing_written, verb
):
    form = opened(desk, address() + f"?unit={unit_of().segment_id}", unit_of(), verb)
    write("Avant, autrement")
    before = nothing_written(unit_of())

    answer = post(desk, unit_of(), form, reason="Wrong law")

    assert answer.status_code == 409
    assert "Wrong law" in answer.content.decode()
    assert nothing_written(unit_of()) == before


def test_a_decision_without_what_was_shown_is_none(desk, write):
    unit = write("Avant")

    assert post(desk, unit, {"verb": "approve"}).status_code == 409
    assert unit_of().state == "in_review"


@pytest.mark.parametrize("page", ["", "/en/desk/review/fr/"])
def test_only_the_approved_texts_that_were_listed_are_published(manager, write, segment, at, address, page):
    url = address(tail="all/")
    decide(manager, write("Avant"), "approve")
    form = form_of(manager.get(page or address()), url, "publish")
    kept = actions.save_target(
        segment=segment("body.c1.question"), language="fr", text="Qui ?", version=0, by=BY, at=at
    )
    actions.approve(unit=actions.submit(unit=kept, by=BY, at=at), by=BY, at=at)

    answer = manager.post(url, form)

    assert answer.status_code == 409
    assert "Some of these texts changed" in answer.content.decode()
    assert not Unit.objects.exclude(live="").exists()
    manager.post(url, form_of(answer, url, "publish"))
    assert Unit.objects.exclude(live="").count() == 2


def test_all_of_it_was_read_as_it_was_shown(desk, french, write, address):
    form = form_of(desk.get(address()), address(tail="all/"), "read")
    write("Avant, autrement")

    assert desk.post(address(tail="all/"), form).status_code == 409
    assert not Unit.objects.exclude(native_read_at=None).exists()


@pytest.mark.parametrize("verb", ["submit", "publish"])
def test_where_nothing_is_left_to_do_no_success_is_told(desk, leaflet, address, verb):
    answer = desk.get(do_all(desk, address(), verb).url)

    assert [str(message) for message in answer.context["messages"]] == [
        "Nothing is left to do here. Nothing was changed."
    ]
    assert not AuditEntry.objects.filter(verb__startswith="translation.").exists()


@pytest.mark.parametrize("then", ["stay", "review"])
def test_a_text_that_is_written_while_its_source_changes_stands_for_the_source_its_writer_saw(
    desk, french, segment, address, manager, then
):
    url = address(tail=f"{segment('heading').pk}/")
    page = BeautifulSoup(desk.get(f"{address()}?unit={segment('heading').pk}").content, "html.parser")
    form = {box["name"]: box["value"] for box in page.select("#target input[name]")}
    edit(french, "material", heading_en="Never leave")

    desk.post(url, form | {"text": "Avant de partir d'ici", "then": then})

    assert unit_of().draft_version == segment("heading").version - 1
    assert "Still right" in desk.get(f"{address()}?unit={segment('heading').pk}").content.decode()
    if then == "review":
        answer = manager.get(decide(manager, unit_of(), "approve").url)
        assert "The source changed after this was written." in answer.content.decode()
        assert unit_of().state == "in_review"

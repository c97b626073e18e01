"""Many rows by one statement stand as if each had been saved."""

from django.forms.models import model_to_dict

from languages.choices import Freshness, Origin, State
from languages.models import Unit
from languages.statements import insert_many


def unit(segment, language, at):
    """Return a unit that is not stored, with a value of each kind of column."""
    return Unit(
        segment=segment,
        language=language,
        content_type_id=segment.content_type_id,
        object_id=segment.object_id,
        state=State.PUBLISHED,
        origin=Origin.MACHINE,
        freshness=Freshness.FRESH,
        draft="Le « feu »\n%s",
        live="Le « feu »\n%s",
        live_version=1,
        live_tags={"1": ["a", {"href": "/x/"}]},
        approved_by="test",
        published_at=at,
    )


def test_rows_inserted_together_hold_what_rows_saved_hold(segment, at):
    saved, inserted = unit(segment("heading"), "fr", at), unit(segment("heading"), "ar", at)
    saved.save()

    insert_many([inserted])

    stored = Unit.objects.get(language="ar")
    differing = {"id", "language"}
    assert {name: value for name, value in model_to_dict(stored).items() if name not in differing} == {
        name: value for name, value in model_to_dict(Unit.objects.get(pk=saved.pk)).items() if name not in differing
    }
    assert stored.live_tags == {"1": ["a", {"href": "/x/"}]}
    assert stored.published_at == at


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_many([])

"""What somebody does meanwhile shows once more what deleting a country entry does; what is not offered asks for nothing."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import pytest
from django.utils import timezone

from languages.models import Unit
from tests.training.finishing import finish
from tests.training.pressing import carried
from tests.training.test_entry_deleted import address, alone, stands
from tests.training.test_entry_deletion_shown import deletion_of, same, translate
from tests.training.two_entries import CHANGED, curriculum, save, slot, text_of, two
from training.models import Overlay, UnaskedChange
from training.queries.entries import entries_read


def test_a_translation_that_nothing_replaces_any_more_is_shown_first(editor, two, same, lessons):
    translate(two, lessons)
    translate({"own": two["general"]}, lessons)
    shown, before = carried(editor.get(address(same))), deletion_of(same)
    Unit.objects.filter(object_id=str(two["general"].pk), language="fr").delete()
    after = deletion_of(same)

    answer = editor.post(address(same), shown)

    assert [(one.going, one.lacking) for one in (before, after)] == [
        (("français",), ()),
        (("français",), ("français",)),
    ]
    assert "Nothing was deleted" in text_of(answer)
    assert stands(same)


def test_the_first_who_would_get_a_refresher_is_shown_first(editor, two, official, course):
    """Lessons are asked anew already, as something material waits, yet of nobody."""
    Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).update(text_en=CHANGED)
    UnaskedChange.objects.create(course=course, since=timezone.now(), country_id="HT", what=f"HT:{two['own'].slot}")
    shown, before = carried(editor.get(address(two["own"]))), deletion_of(two["own"]).reach[0]
    finish(official, course, timezone.now())
    after = deletion_of(two["own"]).reach[0]

    answer = editor.post(address(two["own"]), shown)

    assert (before.refreshed, after.refreshed, before.minutes) == (0, 1, after.minutes)
    assert "Nothing was deleted" in text_of(answer)
    assert stands(two["own"])


@pytest.mark.parametrize("is_offered", [True, False])
def test_readers_have_an_entry_where_a_course_is_offered_in_its_country(editor, alone, course, is_offered):
    course.countries.set(["HT", "TN"] if is_offered else ["TN"])
    course.save()

    page = text_of(editor.get(address(alone)))

    assert entries_read([alone]) == ([alone] if is_offered else [])
    assert ("What deleting does" in page) is is_offered
    assert ("Are you sure you want to delete this country entry?" in page) is not is_offered
